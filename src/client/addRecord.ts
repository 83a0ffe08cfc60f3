import { bytesToHex } from '../crypto/bytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { ZERO32, type Handle, type RecordId } from '../protocol/ids.ts';
import type { Grant, Write } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Category, Purpose } from '../protocol/vocabulary.ts';
import { confirmSheet } from './confirmSheet.ts';
import type { Party } from './Party.ts';
import { submitEvidence } from './submit.ts';

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

/** How often a version is sealed again when the epoch moves on meanwhile. */
const ATTEMPTS = 3;

/**
 * Seals a version of a record to the patient's present epoch, stores it, and puts it on the log.
 *
 * @param party - The author.
 * @param version - What, for whom, relying on which right.
 * @returns The record's id and version with the acknowledgement.
 * @throws MedsealError with the code of the refusal.
 */
export async function addRecord(
  party: Party,
  version: NewVersion,
): Promise<{ record: RecordId; version: number; acknowledgement: Acknowledgement }> {
  const record = version.amends?.record ?? bytesToHex(party.random(32));
  for (let attempt = 1; ; attempt++) {
    try {
      return await addOnce(party, record, version);
    } catch (error) {
      if (attempt === ATTEMPTS || !isMedsealError(error, 'EPOCH_STALE')) throw error;
    }
  }
}

async function addOnce(
  party: Party,
  record: RecordId,
  { handle, category, content, purpose, grant, amends }: NewVersion,
): Promise<{ record: RecordId; version: number; acknowledgement: Acknowledgement }> {
  const { primitives, cipher } = party;
  const sheet = await confirmSheet(party, handle);
  const sealed = await sealBytes([sheet.recipients[category]], content, {
    ...(cipher && { cipher }),
  });
  const file = bytesToHex(primitives.sha256(sealed));
  await party.agent.upload({ hash: file, size: sealed.length }, once(sealed));
  const write: Write = {
    log: party.log,
    action: amends === undefined ? 'add' : 'amend',
    handle,
    record,
    version: (amends?.version ?? 0) + 1,
    category,
    epoch: sheet.epoch,
    file,
    size: sealed.length,
    grant: grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant),
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  const { acknowledgement } = await submitEvidence(party, 'Write', write, {
    ...(grant && { opening: grant }),
  });
  return { record, version: write.version, acknowledgement };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}
