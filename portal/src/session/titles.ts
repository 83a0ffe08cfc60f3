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
