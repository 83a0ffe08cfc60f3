import { newestOfEach, type Chart, type Party } from '../../../../src/client/index.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { keepDates, knownDates } from '../../session/clinicalDates.ts';
import { titleKey } from '../../session/titleKey.ts';
import { keepTitles, knownTitles } from '../../session/titles.ts';
import type { LineWords } from './lineInWords.ts';
import type { KnownOfRecords, RecordLine } from './recordLines.ts';

/** Returns what a device remembers of a chart’s records. */
export async function knownOfRecords(party: Party, handle: Handle): Promise<KnownOfRecords> {
  return { titles: await knownTitles(party, handle), dates: await knownDates(party, handle) };
}

/**
 * Remembers titles and dates of records that were opened, for screens that name records without opening them. Of a
 * sensitive one the device has nothing afterwards, also if it had.
 *
 * @param party - The patient.
 * @param own - The chart, and its lines, each with its words.
 * @param known - Titles and dates that it remembers already.
 */
export async function rememberRecords(
  party: Party,
  {
    chart,
    lines,
    files,
  }: {
    readonly chart: Chart;
    readonly lines: readonly (RecordLine & { readonly text: LineWords })[];
    /** Records that documents present as their files. */
    readonly files: Pick<ReadonlySet<string>, 'has'>;
  },
  known: KnownOfRecords,
): Promise<void> {
  const shown = new Set(lines.map(({ record }) => record.record));
  const opened = lines.filter(({ state }) => state === 'open');
  const titles = [
    ...newestOfEach(chart.records)
      .filter(({ record }) => files.has(record) && !shown.has(record))
      .map((record) => [titleKey(record), ''] as const),
    ...opened.map(({ record, text }) => [titleKey(record), text.names ?? ''] as const),
  ].filter(([key, title]) => title !== known.titles[key]);
  const dates = opened
    .filter(({ when }) => when.date !== '')
    .map(({ record, when }) => [titleKey(record), when] as const)
    .filter(([key, { date }]) => date !== known.dates[key]?.date);
  const secret = chart.records.filter(({ category }) => category === 'sensitive').map(titleKey);
  if (titles.length > 0 || secret.some((key) => known.titles[key])) {
    await keepTitles(party, chart, Object.fromEntries(titles));
  }
  if (dates.length > 0 || secret.some((key) => known.dates[key])) {
    await keepDates(party, chart, Object.fromEntries(dates));
  }
}
