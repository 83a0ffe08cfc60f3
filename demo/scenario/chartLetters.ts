import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import type { Chart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Acknowledgement } from '../../src/protocol/evidence/evidence.ts';
import { readAfter } from './readAfter.ts';

/** Category of the letters that a patient adds in a scenario. */
export const LETTER_CATEGORY = 'laboratory';

/**
 * Adds a letter to a chart.
 *
 * @param party - The patient, or who acts for the patient.
 * @param words - Its content.
 * @throws MedsealError `RIGHT_MISSING` for who acts by a mandate.
 */
export async function addLetter(party: Party, words: string): Promise<LoggedVersion> {
  const { handle } = await readPatientState(party);
  const content = utf8ToBytes(words);
  return await addRecord(party, { handle, category: LETTER_CATEGORY, content, purpose: 'PATRQT' });
}

/**
 * Reads a letter as the patient does.
 *
 * @param party - The patient, or who acts for the patient.
 * @param letter - As it was added.
 * @returns The entry of the view.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`.
 */
export async function readLetter(party: Party, letter: LoggedVersion): Promise<Acknowledgement> {
  const { handle } = await readPatientState(party);
  const wanted = { handle, purpose: 'PATRQT' } as const;
  const chart = await readAfter(party, wanted, [letter.acknowledgement]);
  return (await readRecord(party, chart, listedAs(chart, letter))).acknowledgement;
}

/**
 * Finds a record on a chart.
 *
 * @param chart - The chart.
 * @param logged - The record version, as it was added.
 * @throws MedsealError `NOT_FOUND`.
 */
export function listedAs(
  { records }: Pick<Chart, 'records'>,
  { record, version }: Pick<LoggedVersion, 'record' | 'version'>,
): Chart['records'][number] {
  const found = records.find((each) => each.record === record && each.version === version);
  if (found === undefined) throw missing('record on the chart');
  return found;
}

/**
 * Makes the error of a step that does not find what it is about.
 *
 * @param what - That.
 */
export function missing(what: string): MedsealError {
  return new MedsealError('NOT_FOUND', { what });
}
