import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { momentIn } from '../../fhir/sensors/bundleOfReadings.ts';
import { exactReadings } from '../../fhir/sensors/exactReadings.ts';
import { readingsInBundle } from '../../fhir/sensors/readingsInBundle.ts';
import type { Address, RecordId } from '../../protocol/ids.ts';
import type { Reading } from '../../protocol/sensors/Reading.ts';
import type { Party } from '../party/Party.ts';
import type { Chart } from '../records/readChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { batchesOnChart, type BatchListed, type TimeSpan } from './batchesOnChart.ts';

/** A reading with the moment that its device, or its gateway, gave it. */
export interface ReadingAt {
  /** Unix milliseconds; of a curve, of its first sample. */
  readonly moment: number;
  readonly reading: Reading;
  /** The line that the device signed. */
  readonly line: string;
}

/** A batch that was opened. */
export interface BatchOpened {
  /** Its readings, in their order. */
  readonly readings: readonly ReadingAt[];
  /** True if whoever wrote the record put something beside what follows from the signed lines; it is not read. */
  readonly altered: boolean;
}

/** A batch of a span: opened, or the reason why it could not be. */
export type BatchRead = BatchListed & (BatchOpened | { readonly error: MedsealError });

/** Batches of one device in a span. */
export interface DeviceReadings {
  /** Address that signed it. */
  readonly device: Address;
  /** In the order in which the device numbered them; a gap is before each that does not follow. */
  readonly batches: readonly BatchRead[];
}

/** Batches that were opened before, by record: reading a span again opens the new ones alone. */
export type OpenedBatches = Map<RecordId, BatchOpened>;

/**
 * Reads what devices measured in a span of time. Each batch that was not opened before is a view, and evidence, like any
 * other record; they are asked for together. Readings are those that the device signed, whatever stands beside them.
 *
 * @param party - The reader.
 * @param chart - The chart.
 * @param span - Batches that reach into it are opened.
 * @param opened - Batches that were opened before; new ones are added.
 * @returns The devices that have batches in it.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED` if nobody answers.
 * @example
 * ```ts
 * const until = Date.now();
 * const span = { from: until - 600_000, until };
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT', part: span });
 * for (const { device, batches } of await readReadings(patient, chart, span)) {
 *   const readings = batches.flatMap((batch) => ('error' in batch ? [] : batch.readings));
 *   console.log(device, readings.length);
 * }
 * ```
 */
export async function readReadings(
  party: Party,
  chart: Chart,
  { from, until }: TimeSpan,
  opened: OpenedBatches = new Map(),
): Promise<readonly DeviceReadings[]> {
  const devices = batchesOnChart(party, chart)
    .map(({ device, batches }) => ({
      device,
      batches: batches.filter(({ start, end }) => end >= from && start < until),
    }))
    .filter(({ batches }) => batches.length > 0);
  const wanted = devices.flatMap(({ device, batches }) =>
    batches.map((batch) => [batch.record.acknowledgement, { device, batch }] as const),
  );
  const unopened = new Map(wanted.filter(([, { batch }]) => !opened.has(batch.record.record)));
  const errors = new Map<RecordId, MedsealError>();
  await openAll([...unopened.values()].map(({ batch }) => batch.record));
  // A holder of the device's key can put a worse file under the statement of its batch: then the others are tried.
  const others: ChartRecord[] = [];
  for (const each of unopened.values()) {
    const { record, again = [] } = each.batch;
    if (opened.get(record.record)?.altered === false) continue;
    for (const other of again) {
      unopened.set(other.acknowledgement, each);
      others.push(other);
    }
  }
  if (others.length > 0) await openAll(others);
  return devices.map(({ device, batches }) => ({
    device,
    batches: batches.map((batch) => {
      const { record } = batch.record;
      const error = errors.get(record) ?? new MedsealError('KEY_PENDING', {});
      return { ...batch, ...(opened.get(record) ?? { error }) };
    }),
  }));

  async function openAll(records: readonly ChartRecord[]): Promise<void> {
    for await (const read of readRecords(party, chart, records)) {
      const found = unopened.get(read.record.acknowledgement);
      if (found === undefined) continue;
      const { record } = found.batch.record;
      try {
        if ('error' in read) throw read.error;
        const batch = openedIn(party, chart, found.device, found.batch, read.content);
        if (!opened.has(record) || !batch.altered) opened.set(record, batch);
      } catch (error) {
        errors.set(record, errors.get(record) ?? toMedsealError(error));
      }
    }
  }
}

function openedIn(
  { primitives }: Party,
  { handle }: Chart,
  device: Address,
  { header, record }: BatchListed,
  content: Uint8Array,
): BatchOpened {
  const held = readingsInBundle(primitives, content, { handle, device, header });
  const entered = record.at * 1000;
  // A gateway can say that it took a batch earlier than its entry, never later.
  const momentOf = momentIn(header, Math.min(held.takenAt ?? entered, entered));
  const readings = exactReadings(header, held.lines).map((reading, place) => ({
    moment: momentOf(reading.at),
    reading,
    line: held.lines[place] ?? '',
  }));
  return { readings, altered: held.altered };
}
