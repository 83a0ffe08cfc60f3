import type { ChartRecord, Party } from '../../../src/client/index.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import { keepOfChart } from './keepOfChart.ts';

/** Titles of the record versions that this device has opened or added, by record and version. */
export type Titles = Readonly<Record<string, string>>;

/** Name of a record version among titles. */
export function titleKey({ record, version }: Pick<ChartRecord, 'record' | 'version'>): string {
  return `${record}/${version}`;
}

/** Returns the titles that the device knows of a chart: nothing is opened for them. */
export async function knownTitles(party: Party, handle: Handle): Promise<Titles> {
  return ((await party.device.read(`titles/${handle}`)) as Titles | undefined) ?? {};
}

/** Remembers titles of a chart; the oldest go first if there are too many. */
export async function keepTitles(party: Party, handle: Handle, added: Titles): Promise<void> {
  await keepOfChart(party, `titles/${handle}`, added);
}

/**
 * Forgets titles of a chart.
 *
 * @param party - The person.
 * @param handle - The chart.
 * @param keys - Names of record versions.
 * @returns The titles as they were.
 */
export async function dropTitles(
  party: Party,
  handle: Handle,
  keys: readonly string[],
): Promise<Titles> {
  const titles = await knownTitles(party, handle);
  const left = Object.entries(titles).filter(([key]) => !keys.includes(key));
  await party.device.write(`titles/${handle}`, Object.fromEntries(left));
  return titles;
}
