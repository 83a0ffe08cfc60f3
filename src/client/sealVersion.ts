import { bytesToHex } from '../crypto/bytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32, Handle, RecordId } from '../protocol/ids.ts';
import type { Grant } from '../protocol/requests.ts';
import type { Category, Purpose } from '../protocol/vocabulary.ts';
import { confirmSheet } from './confirmSheet.ts';
import type { Party } from './Party.ts';

/** A version of a record to be put on a patient's chart. */
export interface NewVersion {
  readonly handle: Handle;
  readonly category: Category;
  /** The plaintext. */
  readonly content: Uint8Array;
  readonly purpose: Purpose;
  /** The grant relied on; absent for a patient's own chart. */
  readonly grant?: Grant;
  /** For an amendment: the record, and the number of the version that is amended. */
  readonly amends?: { readonly record: RecordId; readonly version: number };
}

/** A version whose sealed file lies in the vault, under a lease, until an entry names it. */
export interface SealedVersion extends Omit<NewVersion, 'content'> {
  readonly record: RecordId;
  readonly epoch: number;
  /** SHA-256 of the sealed file. */
  readonly file: Bytes32;
  /** Bytes of the sealed file. */
  readonly size: number;
}

/**
 * Seals a version to the patient's present epoch, whose recipients coordinators confirm, and uploads it.
 *
 * @param party - The author.
 * @param record - The record's id.
 * @param version - What, for whom, relying on which right.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `NOT_FOUND`, `FILE_BEYOND_QUOTA`.
 */
export async function sealVersion(
  party: Party,
  record: RecordId,
  { content, ...version }: NewVersion,
): Promise<SealedVersion> {
  const { primitives, cipher } = party;
  const { epoch, recipients } = await confirmSheet(party, version.handle);
  const recipient = (recipients as Partial<typeof recipients>)[version.category];
  if (recipient === undefined) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the category' });
  }
  const sealed = await sealBytes([recipient], content, { ...(cipher && { cipher }) });
  const file = bytesToHex(primitives.sha256(sealed));
  await party.agent.upload({ hash: file, size: sealed.length }, once(sealed));
  return { ...version, record, epoch, file, size: sealed.length };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}
