import type { Chart, Party } from '../../../src/client/index.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import type { FhirDate } from '../fhir/Said.ts';
import { keepOfChart } from './keepOfChart.ts';

/** Clinical dates of the record versions that this device has opened, by record and version as `titleKey` has them. */
export type ClinicalDates = Readonly<Record<string, FhirDate>>;

/** Returns the dates that the device knows of a chart: nothing is opened for them. */
export async function knownDates(party: Party, handle: Handle): Promise<ClinicalDates> {
  return ((await party.device.read(`dates/${handle}`)) as ClinicalDates | undefined) ?? {};
}

/** Remembers dates of a chart as `keepOfChart` does: none of a sensitive record. */
export async function keepDates(
  party: Party,
  chart: Pick<Chart, 'handle' | 'records'>,
  added: ClinicalDates,
): Promise<void> {
  await keepOfChart(party, 'dates', chart, added);
}

/** Forgets dates of a chart, by the names of record versions. */
export async function dropDates(
  party: Party,
  chart: Pick<Chart, 'handle' | 'records'>,
  keys: readonly string[],
): Promise<void> {
  await keepOfChart(party, 'dates', chart, Object.fromEntries(keys.map((key) => [key, undefined])));
}
