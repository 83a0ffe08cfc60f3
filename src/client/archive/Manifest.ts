import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Address, Bytes32, Handle, RecordId } from '../../protocol/ids.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { archiveJson } from './archiveJson.ts';
import type { ChainRecord } from './archivePaths.ts';
import type { ArchiveSubject } from './archiveSubject.ts';

/** A file of an archive. */
export interface ManifestFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: Bytes32;
}

/** A record version that an archive does not have, and the code of the reason. */
export interface LeftOut {
  readonly record: RecordId;
  readonly version: number;
  readonly code: string;
}

/** Contents of an archive; it stands last, so an archive that was cut off has none. */
export interface Manifest {
  readonly format: 'medseal-export/1';
  readonly handle: Handle;
  /** The patient, who made the archive. */
  readonly party: Address;
  /** Moment that the archive is of: that of the audit in it, Unix seconds. */
  readonly at: number;
  /** All files but this one, in their order. */
  readonly files: readonly ManifestFile[];
  /** Record versions that the patient had erased, by the audit. */
  readonly erased: readonly Omit<LeftOut, 'code'>[];
  /** Record versions that could not be read when the archive was made. */
  readonly left: readonly LeftOut[];
}

/** Returns a manifest as the bytes of its file; there is only one form, so every byte counts. */
export function formatManifest(manifest: Manifest): Uint8Array {
  return utf8ToBytes(`${canonicalJson(manifest)}\n`);
}

/**
 * Reads from a manifest which record versions were left out; all else in it follows from the archive.
 *
 * @param bytes - The file.
 * @returns Undefined if it is malformed.
 */
export function leftOutIn(bytes: Uint8Array): readonly LeftOut[] | undefined {
  try {
    const { left } = archiveJson(bytes) as { readonly left?: unknown };
    if (!Array.isArray(left)) return undefined;
    const all = left as readonly LeftOut[];
    return all.every(({ record, version, code }) => {
      const isNamed = typeof record === 'string' && typeof version === 'number';
      return isNamed && typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code);
    })
      ? all
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the manifest of an archive.
 *
 * @param subject - Chart, patient and moment.
 * @param files - All files but the manifest, in their order.
 * @param erased - Record versions that the patient had erased.
 * @param left - Record versions that are not there.
 */
export function manifestOf(
  { handle, party, at }: ArchiveSubject,
  files: readonly ManifestFile[],
  erased: readonly ChainRecord[],
  left: readonly LeftOut[],
): Manifest {
  return {
    format: 'medseal-export/1',
    handle,
    party,
    at,
    files,
    erased: erased.map(({ write: { record, version } }) => ({ record, version })),
    left,
  };
}
