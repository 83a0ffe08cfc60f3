import { fileHere } from '../../fhir/importedPart.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import type { VersionBefore } from '../records/sealVersion.ts';
import { isWithdrawn } from '../records/isWithdrawn.ts';
import { newestOfEach } from '../records/newestOfEach.ts';
import { readChart } from '../records/readChart.ts';
import { LARGEST_PART, partIn } from '../records/readParts.ts';
import { readRecords } from '../records/readRecords.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { originsOf } from './origin.ts';

/** A record of another chart that is on this one already. */
export interface Imported {
  /** Version of it that was imported last. */
  readonly version: number;
  /** The record here, at its newest version. */
  readonly here: VersionBefore;
  /** True if somebody amended it here since. */
  readonly isAmended: boolean;
  /** Of a file: the record here that tells of it. */
  readonly told?: VersionBefore;
}

/**
 * Finds out from a chart what the patient brought along to it before, with whichever device: each imported part says where it
 * comes from. The patient's own parts are opened, which is one view.
 *
 * @param party - The patient.
 * @param handle - The patient's chart.
 * @param from - Id of the network that records come from, and the chart there.
 * @returns By the record's id there.
 * @throws MedsealError what `readChart` and `readRecords` throw; what a part cannot be read for.
 */
export async function importedBefore(
  party: Party,
  handle: Handle,
  from: { readonly network: string; readonly chart: Handle },
): Promise<ReadonlyMap<RecordId, Imported>> {
  const chart = await readChart(party, { handle, purpose: 'PATRQT', part: 'records' });
  const newest = new Map(newestOfEach(chart.records).map((each) => [each.record, each]));
  const wanted: ChartRecord[] = [];
  for (const each of chart.records) {
    const last = newest.get(each.record);
    const isGone = last === undefined || (await isWithdrawn(party, last));
    if (!isGone && each.author === party.address && each.size <= LARGEST_PART) wanted.push(each);
  }
  const imported = new Map<RecordId, Imported>();
  // Of each record here, the last version that an import wrote.
  const seen = new Map<RecordId, number>();
  const add = (record: RecordId, version: number, on: RecordId, told?: ChartRecord): void => {
    const here = newest.get(on);
    if (here === undefined || (imported.get(record)?.version ?? 0) >= version) return;
    imported.set(record, { version, here, isAmended: false, ...(told && { told }) });
  };
  for await (const read of readRecords(party, chart, wanted)) {
    // A record whose keys were erased, or that a release did not open, says nothing.
    if ('error' in read) {
      if (read.error.retry) throw read.error;
      continue;
    }
    const part = partIn(read.content, read.record);
    if (part === undefined) continue;
    const { record } = read.record;
    const origins = originsOf(part).filter(
      (each) => each.network === from.network && each.write.handle === from.chart,
    );
    const own = origins.find(({ replaced }) => replaced !== undefined);
    for (const { write, replaced } of origins) {
      if (replaced !== undefined) {
        add(write.record, write.version, record);
        continue;
      }
      const file = fileHere(part, own?.replaced, write.record);
      if (file !== undefined) add(write.record, write.version, file, newest.get(record));
    }
    if (own !== undefined) seen.set(record, Math.max(seen.get(record) ?? 0, read.record.version));
  }
  // Somebody else wrote the newest version, of a file too, which says nothing by itself.
  const isOf = ({ record }: Pick<VersionBefore, 'record'>): boolean =>
    newest.get(record)?.author !== party.address;
  return new Map(
    [...imported].map(([record, each]) => {
      const last = seen.get(each.here.record) ?? each.here.version;
      const isOthers = [each.here, each.told].some((it) => it !== undefined && isOf(it));
      return [record, { ...each, isAmended: isOthers || each.here.version > last }];
    }),
  );
}
