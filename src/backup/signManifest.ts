import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { openNote } from '../crypto/note/openNote.ts';
import { signNote } from '../crypto/note/signNote.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { succeeds } from '../protocol/wire/succeeds.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import type { LogIdentity, NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { BackupSignature } from './Manifest.ts';

/** Signed content of a backup. */
export interface SignedManifest {
  /** Moment of the backup, Unix seconds. */
  readonly at: number;
  /** SHA-256 of all lines of its manifest but the last. */
  readonly sha256: Bytes32;
}

/**
 * Signs a manifest with the keys that the network file names of the logs of the folder's organisations; the first line of
 * the signed text tells it from a checkpoint.
 *
 * @param primitives - The curve.
 * @param network - The folder's network.
 * @param seeds - Seeds of the note keys that each organisation of the folder has or had.
 * @param manifest - The content to sign.
 */
export function signManifest(
  primitives: Primitives,
  network: NetworkFile,
  seeds: ReadonlyMap<Organisation, readonly Uint8Array[]>,
  manifest: SignedManifest,
): readonly BackupSignature[] {
  return logsIn(network).flatMap(({ organisation, origin, key }) => {
    const keys = seeds.get(organisation)?.map((seed) => createNoteKey(origin, seed)) ?? [];
    const named = keys.filter(({ verifierKey }) => verifierKey === key);
    if (named.length === 0) return [];
    const text = textOf(network, organisation, manifest);
    return [{ organisation, note: signNote(primitives, text, named) }];
  });
}

/**
 * Finds the organisations of a folder without a valid signature.
 *
 * @param primitives - The curve.
 * @param network - The folder's network.
 * @param hosts - The folder's organisations.
 * @param manifest - The content that must be signed.
 * @param signatures - Not trusted.
 */
export function unsignedBy(
  primitives: Primitives,
  network: NetworkFile,
  hosts: readonly Organisation[],
  manifest: SignedManifest,
  signatures: readonly BackupSignature[],
): readonly Organisation[] {
  return hosts.filter((name) => {
    const key = logsIn(network).find(({ organisation }) => organisation === name)?.key;
    const note = signatures.find(({ organisation }) => organisation === name)?.note;
    const text = textOf(network, name, manifest);
    return !succeeds(() => openNote(primitives, note ?? '', [key ?? '']) === text);
  });
}

function logsIn({ channels }: NetworkFile): readonly LogIdentity[] {
  return channels.flatMap(({ logs }) => logs);
}

function textOf(
  { networkId }: NetworkFile,
  organisation: Organisation,
  { at, sha256 }: SignedManifest,
): string {
  return `medseal backup\n${networkId}\n${organisation}\n${at}\n${sha256}\n`;
}
