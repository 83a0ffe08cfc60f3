import { eraseKeys, requireRetainsNone, type Chart } from '../../../src/client/index.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { forgetCharts } from './charts.ts';
import { dropDates } from './clinicalDates.ts';
import type { Session } from './Session.ts';
import { titleKey } from './titleKey.ts';
import { dropTitles, keepTitles } from './titles.ts';

/**
 * Destroys the keys of all records of a category that are on the patient's chart so far, and what this device knows of
 * them.
 *
 * @param session - The patient.
 * @param chart - The patient's chart.
 * @param erased - The category, and the title that its records have from now on.
 * @throws MedsealError `RETENTION_ACTIVE` before anything changed; what `eraseKeys` throws, and repeat it then.
 */
export async function eraseCategory(
  { party }: Session,
  chart: Chart,
  { category, title }: { readonly category: Category; readonly title: string },
): Promise<void> {
  // Before this device forgets anything.
  await requireRetainsNone(party, category);
  const keys = chart.records.filter((each) => each.category === category).map(titleKey);
  const dropped = await dropTitles(party, chart, keys);
  await dropDates(party, chart, keys);
  await eraseKeys(party, category);
  // The chart that was opened has the former keys.
  forgetCharts(party);
  // A file without a title of its own is not listed.
  const titled = keys.map((key) => [key, dropped[key] === '' ? '' : title] as const);
  await keepTitles(party, chart, Object.fromEntries(titled));
}
