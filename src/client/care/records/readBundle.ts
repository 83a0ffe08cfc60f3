import type { Bundle } from '@medplum/fhirtypes';
import { reassembleBundle } from '../../../fhir/reassembleBundle.ts';
import { effectivePart } from './effectivePart.ts';
import type { Party } from '../../party/Party.ts';
import type { Chart } from '../../records/readChart.ts';
import { readWhole } from '../../records/readWhole.ts';
import type { ChartRecord } from '../../records/viewChart.ts';

/** A bundle that was put together, or the numbers of its parts that are not there. */
export type BundleRead =
  | {
      readonly complete: true;
      /** Nobody validates what lies on a chart: its authors wrote it. */
      readonly bundle: Bundle;
      /** Numbers of the parts of which a newer version is not in the bundle: an amendment of it is unfinished. */
      readonly unfinished: readonly number[];
    }
  | { readonly complete: false; readonly missing: readonly number[] };

/**
 * Reads the whole FHIR bundle that a record is a part of, equal to the one that was added, but for the status of prescriptions,
 * claims and policies, which is the present one (`effectivePart`). The parts are
 * one view beside that of the record; records that only claim to be parts are left out.
 *
 * @param party - The reader.
 * @param chart - The chart that lists the record.
 * @param record - Any part of the bundle.
 * @param onPart - Called before each further part is fetched, with its place among them, from 1.
 * @returns The bundle; or the parts that are missing, which may be on their way.
 * @throws MedsealError `ARGUMENT_INVALID` if the record is not such a part; `PARTS_UNFIT`; what `readRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * const [record] = chart.records;
 * const read = record && (await readBundle(doctor, chart, record));
 * if (read?.complete) console.log(writeFhirJson(read.bundle));
 * ```
 */
export async function readBundle(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  onPart?: (place: number) => void,
): Promise<BundleRead> {
  const parts = await readWhole(party, chart, record, onPart);
  const standing = parts.map(
    async ({ content, record: version }) => await effectivePart(party, chart, version, content),
  );
  const found = reassembleBundle(await Promise.all(standing));
  if (!found.complete) {
    return { complete: false, missing: [...found.missing, ...(found.older ?? [])] };
  }
  const replaced = parts.flatMap((part) => (part.replaced ? [part.content.part] : []));
  const unfinished = [...new Set([...(found.unfinished ?? []), ...replaced])];
  return { complete: true, bundle: found.bundle, unfinished };
}
