import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { timesOfBatch, type BatchTimes } from '../../protocol/evidence/chartPart.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import type { Category } from '../../protocol/vocabulary.ts';

/** Number of entries that are read at once. */
const PAGE = 256;
/** Number of places of a log that are held for charts, besides the one that was asked for last. */
const MOST = 500_000;

/** Log that charts are looked up in. */
export type ChartLog = Pick<
  EvidenceLog,
  'size' | 'restored' | 'concerning' | 'versions' | 'placesOf' | 'readAt'
>;

/** Place of a batch of readings, with what is asked of a batch. */
export interface PlaceOfBatch extends BatchTimes, Pick<ReadingsHeader, 'boot' | 'first' | 'count'> {
  readonly index: number;
  readonly category: Category;
  readonly epoch: number;
}

/** Places of a log's entries that put something on a chart. */
export interface ChartPlaces {
  /** Of records, ascending. */
  readonly records: readonly number[];
  /** Of batches of readings, in the order of the log. */
  readonly batches: readonly PlaceOfBatch[];
}

interface Held {
  readonly records: number[];
  readonly batches: PlaceOfBatch[];
  /** Number of entries that had been restored when it was begun. */
  readonly restored: number;
  /** Entries before this place were looked at. */
  next: number;
  /** Places of entries that had no body then: it may have come since. */
  bare: readonly number[];
  reading: Promise<void>;
}

/**
 * Charts of each log, those that were asked for last behind the others. An entry does not change, so it is read once; but one of
 * which nobody could say whom it concerns, or that was damaged, may be restored, and charts are then read again.
 */
const charts = new WeakMap<ChartLog, Map<Handle, Held>>();

/**
 * Tells a chart's records and its batches of readings apart, by the places of their entries. Entries that were read once are held in
 * memory, and later calls read new ones alone.
 *
 * @param log - The log, as an organisation holds it.
 * @param handle - The chart.
 */
export async function chartPlaces(log: ChartLog, handle: Handle): Promise<ChartPlaces> {
  const known = charts.get(log) ?? new Map<Handle, Held>();
  charts.set(log, known);
  const former = known.get(handle);
  const held = former?.restored === log.restored ? former : begun(log);
  known.delete(handle);
  known.set(handle, held);
  const reading = held.reading.then(async () => await follow(log, handle, held));
  // A page that cannot be read is read again by the next who asks.
  held.reading = reading.catch(() => undefined);
  await reading;
  let places = [...known.values()].reduce((sum, each) => sum + sizeOf(each), 0);
  for (const [other, each] of known) {
    if (places <= MOST || other === handle) break;
    known.delete(other);
    places -= sizeOf(each);
  }
  return held;
}

function begun({ restored }: ChartLog): Held {
  return { records: [], batches: [], restored, next: 0, bare: [], reading: Promise.resolve() };
}

function sizeOf({ records, batches }: ChartPlaces): number {
  return records.length + batches.length;
}

async function follow(log: ChartLog, handle: Handle, held: Held): Promise<void> {
  const { size } = log;
  const fresh = await log.concerning(handle, held.next);
  const wanted = [...held.bare, ...fresh.filter((index) => index < size)];
  const bare: number[] = [];
  const found: (readonly [number, Acknowledgement])[] = [];
  for (let from = 0; from < wanted.length; from += PAGE) {
    const page = wanted.slice(from, from + PAGE);
    for (const [i, entry] of (await log.readAt(page)).entries()) {
      const index = page[i] ?? 0;
      if (entry === undefined) bare.push(index);
      else found.push([index, entry]);
    }
  }
  held.bare = bare;
  held.next = size;
  for (const [index, { body }] of found) {
    const parsed = parseEntryBody(body);
    const write = acceptedWrite(parsed);
    if (write === undefined) continue;
    const readings = 'readings' in parsed ? parsed.readings : undefined;
    if (readings === undefined) {
      held.records.push(index);
      continue;
    }
    const { category, epoch } = write;
    const { header } = readings;
    const { boot, first, count } = header;
    held.batches.push({
      index,
      category,
      epoch,
      boot,
      first,
      count,
      ...timesOfBatch(header, parsed.at),
    });
  }
}
