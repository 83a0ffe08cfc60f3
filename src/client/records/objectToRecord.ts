import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { aboutEntry } from '../letters/mistakeEntry.ts';
import { requireWords, sendReport } from '../letters/mistakes.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import type { LoggedVersion } from './logVersion.ts';
import type { ChartRecord } from './viewChart.ts';

/** An objection that is on the chart. */
export interface ObjectionAdded extends LoggedVersion {
  /** Why its record's author could not be told; the chart has it all the same. */
  readonly untold?: MedsealError;
}

/** A patient's words against a record of their own chart. */
export interface NewObjection {
  /** The record, in any version, as the chart lists it. */
  readonly record: ChartRecord;
  /** The patient's words, 2,000 characters at most. */
  readonly words: string;
}

/**
 * Puts what a patient says against a record beside it: a statement of disagreement, in evidence, which everybody reads who may read
 * the record, and nobody else changes. The record stays as its author wrote it, who hears of the objection by a letter, and is to
 * answer it in the days that the network states (`listCorrections`). The same words again are added once, and the letter goes once more; the
 * patient amends or withdraws them like any record of their own.
 *
 * @param party - The patient.
 * @param objection - Record and words.
 * @throws MedsealError `ARGUMENT_INVALID` for words that are empty or too long, for a record that the patient began and for an
 * objection; `NOT_FOUND` on a device of someone who is not a patient; what `addRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const wrong = chart.records.find(({ begunBy }) => begunBy !== patient.address);
 * const words = 'I have never had asthma.';
 * if (wrong !== undefined) await objectToRecord(patient, { record: wrong, words });
 * ```
 */
export async function objectToRecord(
  party: Party,
  { record, words: given }: NewObjection,
): Promise<ObjectionAdded> {
  const words = requireWords(given);
  if (record.about !== ZERO32) throw invalid('record', 'it is an objection itself');
  if (record.begunBy === party.address) {
    throw invalid('record', 'it is your own; amend the record instead');
  }
  const { handle, recipients } = await readPatientState(party);
  const { category, record: about } = record;
  const content = utf8ToBytes(words);
  const once = await nameOfContent(party, handle, [content], about);
  const terms = { handle, category, content, purpose: 'PATRQT', about, once } as const;
  const added = await addRecord(party, terms);
  const { acknowledgement: entry } = record;
  try {
    const { author: to, about: written } = aboutEntry(party, entry);
    const report = { id: added.record, to, about: written, said: { words }, shown: { entry } };
    if (to !== party.address) await sendReport(party, { ...report, pinned: recipients[to] });
    return added;
  } catch (error) {
    // The objection stands all the same.
    if (!isMedsealError(error)) throw error;
    return { ...added, untold: error };
  }
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
