import { readChart } from '../../src/client/records/readChart.ts';
import { readRecords } from '../../src/client/records/readRecords.ts';
import type { Category } from '../../src/protocol/vocabulary.ts';
import { demoGrant, demoHandle, type DemoPlay } from './DemoPlay.ts';

/**
 * Has a grantee look at a patient's chart, and at the records of some categories.
 *
 * @param play - The parties.
 * @param who - The grantee's name.
 * @param patient - The patient's name.
 * @param categories - The categories.
 * @throws MedsealError of the first record that cannot be read.
 */
export async function lookAt(
  play: DemoPlay,
  who: string,
  patient: string,
  categories: readonly Category[],
): Promise<void> {
  const party = play.party(who);
  const handle = await demoHandle(play, patient);
  const grant = await demoGrant(play, patient, who);
  const chart = await readChart(party, { handle, grant, purpose: grant.terms.purpose });
  const wanted = chart.records.filter(({ category }) => categories.includes(category));
  for await (const read of readRecords(party, chart, wanted)) {
    if ('error' in read) throw read.error;
  }
}
