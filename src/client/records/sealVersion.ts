import { MedsealError } from '../../errors/MedsealError.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { SealTarget } from '../../crypto/sealing/ageHeader.ts';
import { beginSeal } from '../../crypto/sealing/beginSeal.ts';
import { seal } from '../../crypto/sealing/seal.ts';
import type { ByteStream } from '../../protocol/ByteStream.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';
import type { Bytes32, Handle, RecordId } from '../../protocol/ids.ts';
import type { Grant, Write } from '../../protocol/struct/requests.ts';
import { requireCategory } from '../../protocol/rights/requireCategory.ts';
import type { Category, Purpose } from '../../protocol/vocabulary.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import type { Party } from '../party/Party.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { memorySpool, type Spooled } from '../party/Spool.ts';
import { sealTargets } from './sealTargets.ts';
import { uploadSealed } from '../agent/uploadSealed.ts';

/**
 * Content to put on a chart: bytes that fit in memory, or a function that starts a stream of them, called each time
 * that they are sealed (the patient's keys may turn meanwhile).
 */
export type RecordContent = Uint8Array | (() => ByteStream);

/** The part of a version that the next one takes over. */
export type VersionBefore = Pick<Write, 'record' | 'version' | 'begunBy' | 'about'>;

/** A version of a record to be put on a patient's chart. */
export interface NewVersion {
  readonly handle: Handle;
  readonly category: Category;
  /** The plaintext. */
  readonly content: RecordContent;
  readonly purpose: Purpose;
  /** Grant to rely on; absent for a patient's own chart. */
  readonly grant?: Grant;
  /** For an amendment, the version before, as a chart lists it or as it was logged. */
  readonly amends?: VersionBefore;
  /** For an objection of the patient, or an answer to one, the record that it is about. */
  readonly about?: RecordId;
  /** For an answer to an objection, or the patient's to that, the record that is answered: its id follows from that. */
  readonly answers?: RecordId;
  /**
   * Name under which the device remembers the version, such as `nameOfContent` gives: under the same name it is not
   * added again, and the original answer is returned, also if it was lost. Lower case letters, digits and `-`.
   */
  readonly once?: string;
}

/** A version whose sealed file is in the vault, under a lease until an entry names it. */
export interface SealedVersion extends Omit<NewVersion, 'content'> {
  readonly record: RecordId;
  readonly epoch: number;
  /** SHA-256 of the sealed file. */
  readonly file: Bytes32;
  /** Size of the sealed file in bytes. */
  readonly size: number;
}

/**
 * Seals a version to the patient's present epoch, whose recipients coordinators confirm, and uploads it. A stream of
 * any size goes through the party's spool, in constant memory.
 *
 * @param party - The author.
 * @param record - The record's id.
 * @param version - Content, patient, and right to rely on.
 * @param sheet - The recipients, if they were confirmed before: an entry by an epoch that is over is refused.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `KEY_PENDING`, `NOT_FOUND`, `FILE_BEYOND_QUOTA`, `QUOTA_SPENT`;
 * `RIGHT_MISSING` for who acts for a patient and has no right of their own; `EPOCHS_EXHAUSTED` before the patient's first commitment; `CATEGORY_EXCLUDED`; `ARGUMENT_INVALID`.
 * @example
 * ```ts
 * const { record: id, category } = record;
 * const version = { handle, category, content: bytes, purpose: 'TREAT', grant } as const;
 * const sealed = await sealVersion(doctor, id, { ...version, amends: record });
 * console.log(`${sealed.size} bytes wait for their entry`);
 * ```
 */
export async function sealVersion(
  party: Party,
  record: RecordId,
  { content, ...version }: NewVersion,
  sheet?: EpochSheet,
): Promise<SealedVersion> {
  requireArgument('handle', version.handle);
  requireArgument('category', version.category);
  requireArgument('purpose', version.purpose);
  if (typeof content !== 'function') requireArgument('bytes', content, 'content');
  // Before anything is uploaded; every coordinator judges both too. A mandate lets nobody write in the patient's name.
  if (party.acting !== undefined && version.grant === undefined) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  requireCategory(party.network, { log: party.log, category: version.category });
  const present = sheet ?? (await confirmSheet(party, version.handle));
  const { epoch } = present;
  const place = { ...version, record, version: (version.amends?.version ?? 0) + 1 };
  const targets = sealTargets(party, present, place);
  const { spooled, file, size } = await sealToSpool(party, targets, content);
  try {
    await uploadSealed(party, { hash: file, size }, spooled.read());
  } finally {
    await spooled.discard();
  }
  return { ...version, record, epoch, file, size };
}

/** Seals to the spool: the upload names the file's hash, so all of the file must be sealed before any of it is sent. */
async function sealToSpool(
  { cipher, spool, createSha256, sealBlob }: Party,
  targets: readonly SealTarget[],
  content: RecordContent,
): Promise<{ readonly spooled: Spooled; readonly file: Bytes32; readonly size: number }> {
  const plaintext = typeof content === 'function' ? content() : [content];
  const blob = 'blob' in plaintext ? plaintext.blob : undefined;
  if (sealBlob !== undefined && blob !== undefined) {
    const { spooled, hash, size } = await sealBlob({
      blob,
      ...(await beginSeal(targets, cipher?.kem)),
    });
    return { spooled, file: bytesToHex(hash), size };
  }
  const into = typeof content === 'function' ? spool : memorySpool;
  const hash = createSha256();
  let size = 0;
  const spooled = await into.fill(
    hashed(seal(targets, bytesOnly(plaintext), { ...(cipher && { cipher }), reuse: true })),
  );
  return { spooled, file: bytesToHex(new Uint8Array(hash.digest())), size };

  async function* hashed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
}

/** The same pieces, each required to be bytes: a stream of text gives strings. */
async function* bytesOnly(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    requireArgument('bytes', piece, 'content');
    yield piece;
  }
}
