import type { Address } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from '../records/readChart.ts';
import { batchesOnChart, type TimeSpan } from './batchesOnChart.ts';
import { readReadings, type BatchRead } from './readReadings.ts';

/** Batches that are opened together and held in memory. */
const GROUP = 64;
/** Longer than all times of batches. */
const EVER: TimeSpan = { from: -Infinity, until: Infinity };

/** Readings that are wanted. */
export interface ReadingsWanted extends TimeSpan {
  /** The device that signed them; every device if absent. */
  readonly device?: Address;
}

/** A batch of a device: opened, or the reason why it could not be. */
export interface DeviceBatch {
  /** Address that signed it. */
  readonly device: Address;
  readonly batch: BatchRead;
}

/**
 * Opens what devices measured in a span of time, in any number of batches: few are in memory at once. Each batch is a
 * view, and evidence, like any other record.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @param wanted - Batches that reach into this span are opened, of one device or of all.
 * @returns The batches, device by device, in the order in which each numbered them; `follows`, `forked` and `late` as
 * `batchesOnChart` tells them.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED` if nobody answers.
 * @example
 * ```ts
 * const until = Date.now();
 * for await (const { device, batch } of streamReadings(patient, chart, { from: until - 86_400_000, until })) {
 *   console.log(device, 'error' in batch ? batch.error.code : batch.readings.length);
 * }
 * ```
 */
export async function* streamReadings(
  party: Party,
  chart: Chart,
  { device: only, from, until }: ReadingsWanted,
): AsyncGenerator<DeviceBatch> {
  for (const { device, batches } of batchesOnChart(party, chart)) {
    if (only !== undefined && only !== device) continue;
    const wanted = batches.filter(({ start, end }) => end >= from && start < until);
    for (let at = 0; at < wanted.length; at += GROUP) {
      const group = wanted.slice(at, at + GROUP);
      const records = group.flatMap(({ record, again = [] }) => [record, ...again]);
      const [read] = await readReadings(party, { ...chart, records }, EVER);
      const opened = new Map(read?.batches.map((batch) => [batch.record.record, batch]));
      for (const listed of group) {
        const batch = opened.get(listed.record.record);
        // The others of its group do not tell on which batch it follows.
        if (batch !== undefined) yield { device, batch: { ...batch, ...listed } };
      }
    }
  }
}
