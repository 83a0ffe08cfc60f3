import type { Chart, Party } from '../../../src/client/index.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import { keepOfChart } from './keepOfChart.ts';

/** Titles of the record versions that this device has opened or added, by record and version as `titleKey` has them. */
export type Titles = Readonly<Record<string, string>>;

/** Returns the titles that the device knows of a chart: nothing is opened for them. */
export async function knownTitles(party: Party, handle: Handle): Promise<Titles> {
  return ((await party.device.read(`titles/${handle}`)) as Titles | undefined) ?? {};
}

/** Remembers titles of a chart as `keepOfChart` does: none of a sensitive record, but that it is a file. */
export async function keepTitles(
  party: Party,
  chart: Pick<Chart, 'handle' | 'records'>,
  added: Titles,
): Promise<void> {
  await keepOfChart(party, 'titles', chart, added);
}

/**
 * Forgets titles of a chart.
 *
 * @param party - The person.
 * @param chart - The chart.
 * @param keys - Names of record versions.
 * @returns The titles as they were.
 */
export async function dropTitles(
  party: Party,
  chart: Pick<Chart, 'handle' | 'records'>,
  keys: readonly string[],
): Promise<Titles> {
  const titles = await knownTitles(party, chart.handle);
  await keepOfChart(
    party,
    'titles',
    chart,
    Object.fromEntries(keys.map((key) => [key, undefined])),
  );
  return titles;
}
