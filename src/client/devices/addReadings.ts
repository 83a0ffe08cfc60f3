import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from '../party/Party.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import { prepareReadings, type ConfirmedSheets, type NewReadings } from './prepareReadings.ts';
import { mayPrepareAgain, submitReadings } from './submitReadings.ts';

/** Number of times that a batch is prepared. */
const ATTEMPTS = 3;

/**
 * Puts a batch of a device's readings on a patient's chart, sealed to the present epoch, once: its record is named
 * after what the device signed.
 *
 * @param party - The gateway.
 * @param batch - The message, the record's content, and the right that binds the device.
 * @returns The record with its entry; `already` if the batch was there before.
 * @throws MedsealError `READINGS_INVALID`, `READINGS_UNTIMELY`, `RIGHT_MISSING`, `RIGHT_ENDED`; `REQUEST_ALTERED` while
 * an earlier try is on its way; what `prepareReadings` throws.
 * @example
 * ```ts
 * const message = parseReadingsMessage(doctor.primitives, bytes);
 * const { record, already = false } = await addReadings(doctor, { grant, message, content: bytes });
 * console.log(`${record} ${already ? 'was there' : 'is on the chart'}`);
 * ```
 */
export async function addReadings(party: Party, batch: NewReadings): Promise<LoggedVersion> {
  const [answer] = await addAllReadings(party, [batch]);
  if (answer === undefined || answer instanceof MedsealError) {
    throw answer ?? new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  }
  return answer;
}

/**
 * Puts batches of readings on their charts, at a fraction of the cost of single ones: they are sealed side by side, and
 * judged together. A gateway that must survive being cut off uses `prepareReadings` and `submitReadings` instead, and
 * writes down what lies between.
 *
 * @param party - The gateway.
 * @param batches - Of any devices and patients.
 * @param sheets - Recipients that were confirmed before; a gateway keeps one map for all of its batches.
 * @returns For each its record and entry, or the error.
 * @throws MedsealError `PEER_MALFORMED` if no request was answered; what `prepareReadings` throws.
 * @example
 * ```ts
 * const answers = await addAllReadings(doctor, batches);
 * const refused = answers.filter((each) => each instanceof MedsealError);
 * console.log(refused.map(({ code }) => code).join(', '));
 * ```
 */
export async function addAllReadings(
  party: Party,
  batches: readonly NewReadings[],
  sheets: ConfirmedSheets = new Map(),
): Promise<readonly (LoggedVersion | MedsealError)[]> {
  const answers = new Map<number, LoggedVersion | MedsealError>();
  let left = [...batches.keys()];
  for (let attempt = 1; attempt <= ATTEMPTS && left.length > 0; attempt++) {
    const prepared = await prepareReadings(
      party,
      left.flatMap((place) => batches[place] ?? []),
      sheets,
    );
    const submitted = await submitReadings(party, prepared, sheets);
    for (const [i, place] of left.entries()) {
      const answer = submitted[i];
      if (answer !== undefined) answers.set(place, answer);
    }
    left = left.filter((place) => {
      const answer = answers.get(place);
      const message = batches[place]?.message;
      return answer instanceof MedsealError && mayPrepareAgain(answer, message);
    });
  }
  return batches.flatMap((_, place) => answers.get(place) ?? []);
}
