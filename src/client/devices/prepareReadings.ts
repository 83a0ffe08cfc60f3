import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { recordOfReadings } from '../../protocol/sensors/recordOfReadings.ts';
import type { SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { uploadSealed } from '../agent/uploadSealed.ts';
import { confirmSheet } from '../epochs/confirmSheet.ts';
import { underFollowed } from '../party/followRefused.ts';
import type { Party } from '../party/Party.ts';
import { signVersion } from '../records/logVersion.ts';
import { sealVersion, type SealedVersion } from '../records/sealVersion.ts';

/** A batch of readings, to be put on a patient's chart by the gateway that received it. */
export interface NewReadings {
  /** The right that binds the device, as `bindDevice` gave it to the gateway. */
  readonly grant: Grant;
  /** The device's message, or its header and signature; with the file in it if the device sealed the batch. */
  readonly message: SignedReadings & { readonly sealed?: Uint8Array };
  /** Plaintext of the record, such as `bundleOfReadings` of `medseal/fhir` makes it; absent if the device sealed it. */
  readonly content?: Uint8Array;
  /** Category of the right; its first one if absent, which is the only one for what a device sealed. */
  readonly category?: Category;
}

/** A batch that is sealed, uploaded and signed: plain JSON, which a spool can hold. Sent again it gets the same answer. */
export interface PreparedReadings {
  /** Id of the record that holds the batch. */
  readonly record: RecordId;
  readonly submission: Submission;
}

/** Recipients of patients that were confirmed before, by handle; a gateway keeps one map for all of its batches. */
export type ConfirmedSheets = Map<Handle, EpochSheet>;

/**
 * Seals batches of readings to the present epochs of their patients, side by side, uploads them, and signs the requests
 * that put them on the charts. A file that a device sealed is uploaded as it is, to the epoch that the device signed. Nothing is on a chart before `submitReadings`.
 *
 * @param party - The gateway.
 * @param batches - They are not judged here: nodes refuse what the right does not cover, and say so in the evidence.
 * @param sheets - Recipients that were confirmed before; those that are looked up are added.
 * @returns In their order. Each is to be submitted within five minutes, or prepared again.
 * @throws MedsealError `READINGS_INVALID` if a file is not the one that its device signed, or there is no content; `KEY_PENDING`, `NOT_FOUND`, `EPOCHS_EXHAUSTED`, `KEY_UNAUTHENTIC`, `CATEGORY_EXCLUDED`,
 * `FILE_BEYOND_QUOTA`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const prepared = await prepareReadings(doctor, batches, sheets);
 * // Here a gateway writes them to its disk.
 * for (const answer of await submitReadings(doctor, prepared, sheets)) {
 *   if (answer instanceof MedsealError) console.log(answer.code);
 *   else console.log(`${answer.record} is entry ${answer.acknowledgement.index}`);
 * }
 * ```
 */
export async function prepareReadings(
  party: Party,
  batches: readonly NewReadings[],
  sheets: ConfirmedSheets = new Map(),
): Promise<readonly PreparedReadings[]> {
  const toSeal = batches.filter(({ message }) => message.header.epoch === undefined);
  const unknown = new Set(toSeal.map(({ grant }) => grant.handle).filter((x) => !sheets.has(x)));
  const confirming = [...unknown].map(async (handle) => {
    sheets.set(handle, await confirmSheet(party, handle));
  });
  await Promise.all(confirming);
  const author = underFollowed(party);
  return await Promise.all(batches.map(async (batch) => await prepare(author, batch, sheets)));
}

async function prepare(
  party: Party,
  { grant, message, content, category: wanted }: NewReadings,
  sheets: ReadonlyMap<Handle, EpochSheet>,
): Promise<PreparedReadings> {
  const { header, signature } = message;
  const record = recordOfReadings(party.primitives, header);
  const { handle, terms } = grant;
  const category = wanted ?? terms.categories[0] ?? 'vitals';
  const version = { handle, category, purpose: terms.purpose, grant };
  let sealed: SealedVersion;
  if (header.epoch === undefined) {
    if (content === undefined) throw new MedsealError('READINGS_INVALID', { what: 'content' });
    sealed = await sealVersion(party, record, { ...version, content }, sheets.get(handle));
  } else {
    const uploaded = await uploadFile(party, message);
    sealed = { ...version, ...uploaded, record, epoch: header.epoch };
  }
  const { submission } = signVersion(party, sealed);
  return { record, submission: { ...submission, readings: { header, signature } } };
}

/** Uploads the file that a device sealed, if it is the one that the device signed. */
async function uploadFile(
  party: Party,
  { header: { file }, sealed }: NewReadings['message'],
): Promise<Pick<SealedVersion, 'file' | 'size'>> {
  if (sealed === undefined || bytesToHex(party.primitives.sha256(sealed)) !== file) {
    throw new MedsealError('READINGS_INVALID', { what: 'file' });
  }
  const size = sealed.length;
  await uploadSealed(party, { hash: file, size }, streamBytes(sealed));
  return { file, size };
}
