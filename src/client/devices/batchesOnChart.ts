import type { Address } from '../../protocol/ids.ts';
import { timesOfBatch } from '../../protocol/evidence/chartPart.ts';
import { deviceOfReadings } from '../../protocol/sensors/deviceOfReadings.ts';
import { endOfBatch, furthestBefore } from '../../protocol/sensors/furthestBefore.ts';
import { unsealedDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from '../records/readChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';

/** Time from a batch's end to its entry after which it is late, in milliseconds. */
const LATE = 300_000;

/** A span of time in Unix milliseconds. */
export interface TimeSpan {
  /** First moment. */
  readonly from: number;
  /** First moment after it. */
  readonly until: number;
}

/** A batch of readings on a chart, by what its device signed; nothing is opened for it. */
export interface BatchListed {
  readonly record: ChartRecord;
  readonly header: ReadingsHeader;
  /** Further records of the same batch: its device sealed it again, or who has its key seals under its name. */
  readonly again?: readonly ChartRecord[];
  /** Moments of its beginning and end, Unix milliseconds; if its device had no clock, it ended at its entry at the latest. */
  readonly start: number;
  readonly end: number;
  /** True if its first reading is the next one after the batch before: what lies between them is not a gap. */
  readonly follows: boolean;
  /** True if readings are missing before it; false for a batch that overlaps another one, and for a start that begins with 0. */
  readonly gap: boolean;
  /** True if another batch of the device has readings of the same numbers: two devices use one key, or one lies. */
  readonly forked: boolean;
  /** True if it came more than five minutes after its end. Its times are those of the device all the same. */
  readonly late: boolean;
}

/** The batches of one device, in the order in which it numbered them. */
export interface DeviceBatches {
  /** Address that signed them. */
  readonly device: Address;
  readonly batches: readonly BatchListed[];
}

/**
 * Lists the batches of readings on a chart, by device. A batch is never renumbered: one that came late stands where its
 * device put it.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @returns The devices, the one with the newest batch first.
 * @throws MedsealError `READINGS_INVALID` if an entry's signature is not one.
 * @example
 * ```ts
 * for (const { device, batches } of batchesOnChart(patient, chart)) {
 *   const gaps = batches.filter(({ gap }) => gap);
 *   console.log(device, batches.length, 'batches', gaps.length, 'gaps');
 * }
 * ```
 */
export function batchesOnChart(
  { primitives }: Pick<Party, 'primitives'>,
  { records, beside = [] }: Pick<Chart, 'records' | 'beside'>,
): readonly DeviceBatches[] {
  const byDevice = new Map<Address, Listed[]>();
  const listedBefore = new Map<string, ChartRecord[]>();
  for (const record of [...records, ...beside]) {
    if (record.readings === undefined) continue;
    const device = deviceOfReadings({ primitives }, record.readings);
    // A batch that its device sealed again, because nobody told it of the entry, is the same batch.
    const same = `${device} ${unsealedDigest(primitives, record.readings.header)}`;
    const before = listedBefore.get(same);
    if (before !== undefined) {
      before.push(record);
      continue;
    }
    const again: ChartRecord[] = [];
    listedBefore.set(same, again);
    const listed = byDevice.get(device) ?? [];
    byDevice.set(device, listed);
    listed.push({ record, header: record.readings.header, again });
  }
  const devices = [...byDevice].map(([device, listed]) => ({ device, batches: inOrder(listed) }));
  return devices.toSorted((left, right) => newestOf(right) - newestOf(left));
}

interface Listed extends Pick<BatchListed, 'record' | 'header'> {
  readonly again: readonly ChartRecord[];
}

function inOrder(listed: readonly Listed[]): readonly BatchListed[] {
  const sorted = listed.toSorted(
    (left, right) =>
      left.header.boot - right.header.boot ||
      left.header.first - right.header.first ||
      left.record.at - right.record.at,
  );
  const forked = new Set<number>();
  const befores = furthestBefore(sorted.map(({ header }) => header));
  const beyond = befores.map((before = -1, place) => {
    const [header, known] = [sorted[place]?.header, sorted[before]?.header];
    if (header === undefined || known === undefined) return undefined;
    if (header.first < endOfBatch(known)) forked.add(place).add(before);
    return header.first - endOfBatch(known);
  });
  return sorted.map(({ record, header, again }, place) => {
    const entered = record.at * 1000;
    return {
      record,
      header,
      ...(again.length > 0 && { again }),
      ...timesOfBatch(header, record.at),
      follows: beyond[place] === 0,
      gap: (beyond[place] ?? header.first) > 0,
      forked: forked.has(place),
      late: header.clock === 'set' && entered - header.end > LATE,
    };
  });
}

function newestOf({ batches }: DeviceBatches): number {
  return batches.reduce((newest, { end }) => Math.max(newest, end), 0);
}
