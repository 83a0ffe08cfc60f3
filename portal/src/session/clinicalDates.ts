import type { Party } from '../../../src/client/index.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import type { FhirDate } from '../fhir/Said.ts';
import { keepOfChart } from './keepOfChart.ts';

/** Clinical dates of the record versions that this device has opened, by record and version as `titleKey` has them. */
export type ClinicalDates = Readonly<Record<string, FhirDate>>;

/** Returns the dates that the device knows of a chart: nothing is opened for them. */
export async function knownDates(party: Party, handle: Handle): Promise<ClinicalDates> {
  return ((await party.device.read(`dates/${handle}`)) as ClinicalDates | undefined) ?? {};
}

/** Remembers dates of a chart; the oldest go first if there are too many. */
export async function keepDates(party: Party, handle: Handle, added: ClinicalDates): Promise<void> {
  await keepOfChart(party, `dates/${handle}`, added);
}
