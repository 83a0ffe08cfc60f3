import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import { evidenceOfRefusal, submitAllSigned, type Answered } from '../agent/submit.ts';
import { followRefused } from '../party/followRefused.ts';
import type { Party } from '../party/Party.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import type { ConfirmedSheets, PreparedReadings } from './prepareReadings.ts';

/** Number of batches of one call. */
const MOST_BATCHES = 128;

/**
 * Puts batches of readings that were prepared on their charts. Each is there once, however often it is sent and by
 * however many programs of the gateway: the same bytes get the first answer, and another request for the batch gets its
 * entry (`already`). One refused batch does not delay the others.
 *
 * @param party - The gateway.
 * @param prepared - Batches.
 * @param sheets - Map that they were prepared with; what turned out to be over is removed from it.
 * @returns For each its entry, or the error. With one that `mayPrepareAgain` names, the batch is prepared and sent
 * again; `READINGS_INVALID`, `READINGS_UNTIMELY`, `RIGHT_MISSING` and `RIGHT_ENDED` are for ever, and are evidence.
 * @throws MedsealError `PEER_UNREACHABLE` if no request was answered.
 * @example
 * ```ts
 * const prepared = await prepareReadings(doctor, batches);
 * const answers = await submitReadings(doctor, prepared);
 * console.log(answers.filter((each) => !(each instanceof MedsealError)).length);
 * ```
 */
export async function submitReadings(
  party: Party,
  prepared: readonly PreparedReadings[],
  sheets?: ConfirmedSheets,
): Promise<readonly (LoggedVersion | MedsealError)[]> {
  const answers: (LoggedVersion | MedsealError)[] = [];
  for (let from = 0; from < prepared.length; from += MOST_BATCHES) {
    const batches = prepared.slice(from, from + MOST_BATCHES);
    const answered = await submitAllSigned(
      party,
      batches.map(({ submission }) => submission),
    );
    for (const [i, batch] of batches.entries()) answers.push(answerOf(batch, answered[i]));
  }
  // The channel has another release key since the party was opened: what is prepared from now on is sealed under that.
  if (answers.some((each) => isMedsealError(each, 'SEAL_UNGUARDED'))) await followRefused(party);
  for (const [i, answer] of answers.entries()) {
    const handle = prepared[i]?.submission.request.message;
    if (!isMedsealError(answer) || handle === undefined || !('handle' in handle)) continue;
    if (mayPrepareAgain(answer)) sheets?.delete(handle.handle);
  }
  return answers;
}

/**
 * Tells whether a batch may be on the chart once it is sealed and signed again: the patient's keys turned, the request or
 * its upload came too late, the entry of an earlier try is still on its way, or it was signed for the log of another node.
 *
 * @param error - Answer to a batch.
 * @param readings - The batch: if its device sealed it and the patient's keys turned, that device alone can seal it again.
 * @example
 * ```ts
 * const answers = await submitReadings(doctor, await prepareReadings(doctor, batches));
 * const again = answers.filter((each) => each instanceof MedsealError && mayPrepareAgain(each));
 * console.log(`${again.length} are to be prepared again`);
 * ```
 */
export function mayPrepareAgain(error: MedsealError, readings?: SignedReadings): boolean {
  const isSealed = readings?.header.epoch !== undefined;
  if (isSealed && isSealedToOthers(error)) return false;
  return (
    [
      'EPOCH_DUE',
      'EPOCH_STALE',
      'FILE_ABSENT',
      'FILE_TAKEN',
      'LOG_WRONG',
      'REQUEST_ALTERED',
      'REQUEST_LATE',
    ] as const
  ).some((code) => isMedsealError(error, code));
}

/** Tells whether a batch was sealed to keys of before: the patient's turned, or the channel has another release key. */
export function isSealedToOthers(error: MedsealError): boolean {
  return isMedsealError(error, 'EPOCH_STALE') || isMedsealError(error, 'SEAL_UNGUARDED');
}

function answerOf(
  batch: PreparedReadings,
  answered: Answered<'acknowledged'> | undefined,
): LoggedVersion | MedsealError {
  try {
    if (answered === undefined) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (!(answered instanceof MedsealError)) return entryOf(batch, answered.acknowledgement);
    const before = evidenceOfRefusal(answered);
    const isThere = isMedsealError(answered, 'REQUEST_ALTERED') && before !== undefined;
    if (!isThere) return answered;
    return { ...entryOf(batch, before), already: true };
  } catch (error) {
    return toMedsealError(error);
  }
}

/** Requires that an entry, which is verified, holds the statement of the batch; an agent may have left it out. */
function entryOf(
  { record, submission }: PreparedReadings,
  acknowledgement: Acknowledgement,
): LoggedVersion {
  const { readings, request } = parseBody(acknowledgement.body);
  const { begunBy, about } = request.message as Write;
  const [sent, kept] = [submission.readings?.header ?? null, readings?.header ?? null];
  if (canonicalJson(sent) !== canonicalJson(kept)) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'it holds other readings' });
  }
  return { record, version: 1, begunBy, about, acknowledgement };
}
