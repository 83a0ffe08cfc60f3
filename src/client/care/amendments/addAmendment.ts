import { isMedsealError } from '../../../errors/isMedsealError.ts';
import type { MedsealError } from '../../../errors/MedsealError.ts';
import { answerByAmending } from '../../letters/mistakes.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import type { LoggedVersion } from '../../records/logVersion.ts';
import type { NewVersion } from '../../records/sealVersion.ts';
import { tellAmended } from '../orders/tellAmended.ts';

/** The next version of a record. */
export type NewAmendment = NewVersion & Required<Pick<NewVersion, 'amends'>>;

/** An amendment that is on the chart. */
export interface AmendmentAdded extends LoggedVersion {
  /** Why somebody whom it concerns could not be told; the chart has it all the same. */
  readonly untold?: MedsealError;
}

/**
 * Puts the next version of a record on a chart, and tells those whom it concerns by letters: the patient who reported a mistake in the record,
 * and whoever ordered what it reports.
 *
 * @param party - The author.
 * @param version - The version, with the one that it amends.
 * @throws MedsealError `RIGHT_MISSING`, `RIGHT_ENDED`; what else `addRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * const content = new TextEncoder().encode('Cough since Tuesday.');
 * for (const amends of newestOfEach(chart.records).filter(({ category }) => category === 'other')) {
 *   const terms = { handle, category: 'other', purpose: 'TREAT', grant } as const;
 *   const { untold } = await addAmendment(doctor, { ...terms, content, amends });
 *   if (untold !== undefined) console.log(untold.message);
 * }
 * ```
 */
export async function addAmendment(party: Party, version: NewAmendment): Promise<AmendmentAdded> {
  const added = await addRecord(party, version);
  const untold: MedsealError[] = [];
  const tell = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!isMedsealError(error)) throw error;
      untold.push(error);
    }
  };
  await tell(answerByAmending(party, version.handle, added));
  await tell(tellAmended(party, version, added));
  const [first] = untold;
  return { ...added, ...(first && { untold: first }) };
}
