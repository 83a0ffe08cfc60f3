import { reachesInto, writesOfPart, type ListedPart } from '../../protocol/evidence/chartPart.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Coverage } from '../../protocol/rights/judgeRight.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { chartPlaces, type PlaceOfBatch, type ChartLog } from './ChartPlaces.ts';
import { coversWrite, coveredWrites } from './coveredWrites.ts';

/** The part that is wanted of what a right covers. */
export interface PartWanted {
  /** All of the chart if absent. */
  readonly part: ListedPart | undefined;
  /** Number of entries of the log to look at, from the first; all if absent. */
  readonly size?: number;
}

/**
 * Returns the entries of a log that put the part of a patient's chart there which is wanted of what a right covers, in their
 * order: those of `coveredWrites`, of which the entries of the part alone are read.
 *
 * @param log - The log, as an organisation holds it.
 * @param handle - The patient.
 * @param coverage - Coverage of the right.
 * @param wanted - The part.
 */
export async function coveredPart(
  log: ChartLog,
  handle: Handle,
  coverage: Coverage,
  { part, size = Infinity }: PartWanted,
): Promise<readonly Acknowledgement[]> {
  // A right to one record finds it among all versions, since batches are named after what they are.
  if (part === undefined || coverage.record !== undefined) {
    return writesOfPart(part, await coveredWrites(log, handle, coverage, size));
  }
  const { records, batches } = await chartPlaces(log, handle);
  if (part === 'kinds') {
    const before = batches.filter(({ index }) => index < size);
    return await kindsOfBatches(log, handle, coverage, before);
  }
  const places =
    part === 'records'
      ? records
      : batches.filter((batch) => reachesInto(part, batch)).map(({ index }) => index);
  return await listedAt(
    log,
    handle,
    coverage,
    places.filter((index) => index < size),
  );
}

/** One batch of each category that the right covers: the first that is listed of its newest epoch, in the order of the log. */
async function kindsOfBatches(
  log: ChartLog,
  handle: Handle,
  coverage: Coverage,
  batches: readonly PlaceOfBatch[],
): Promise<readonly Acknowledgement[]> {
  const kinds = [...Map.groupBy(batches, ({ category }) => category)].map(
    async ([category, all]) => {
      if (coverage.categories?.includes(category) === false) return [];
      const epochs = [...Map.groupBy(all, ({ epoch }) => epoch)].toSorted(
        ([left], [right]) => right - left,
      );
      for (const [, batch] of epochs) {
        const places = batch.map(({ index }) => index);
        // The first one is listed, unless its version was written before: then more are read at once.
        for (let [from, count] = [0, 1]; from < places.length; from += count, count *= 4) {
          const [found] = await listedAt(log, handle, coverage, places.slice(from, from + count));
          if (found !== undefined) return [found];
        }
      }
      return [];
    },
  );
  const found = (await Promise.all(kinds)).flat();
  return found.toSorted((left, right) => left.index - right.index);
}

/**
 * Returns the entries at places that a chart lists, in the order of the log: a second entry that wrote the same version is on
 * no list.
 *
 * @param log - The log.
 * @param handle - The patient.
 * @param coverage - Coverage of the right.
 * @param places - Places of entries that put something on the chart.
 */
export async function listedAt(
  log: ChartLog,
  handle: Handle,
  coverage: Coverage,
  places: readonly number[],
): Promise<readonly Acknowledgement[]> {
  const inOrder = places.toSorted((left, right) => left - right);
  const read = (await log.readAt(inOrder)).flatMap((entry) =>
    entry !== undefined && coversWrite(coverage, entry) ? [entry] : [],
  );
  const versions = read.map(({ body }) => {
    const { record, version } = (JSON.parse(body) as Body).request.message as Write;
    return { handle, record, version };
  });
  const first = await log.placesOf(versions);
  return read.filter(({ index }, nth) => first[nth] === index);
}

/**
 * Returns batches of a log whose numbers overlap those of others, or come right before them: whoever is shown the others sees
 * by these what is missing before them, and who used the same numbers.
 *
 * @param batches - Batches of the log.
 * @param others - The others, of any log.
 */
export function besideBatches(
  batches: readonly PlaceOfBatch[],
  others: readonly Pick<PlaceOfBatch, 'boot' | 'first' | 'count'>[],
): readonly PlaceOfBatch[] {
  const ranges: { boot: number; first: number; end: number }[] = [];
  const inOrder = others.toSorted(
    (left, right) => left.boot - right.boot || left.first - right.first,
  );
  for (const { boot, first, count } of inOrder) {
    const last = ranges.at(-1);
    if (last?.boot === boot && first <= last.end) last.end = Math.max(last.end, first + count);
    else ranges.push({ boot, first, end: first + count });
  }
  return batches.filter(({ boot, first, count }) => {
    // The ranges of one start lie apart in order, so the last one that begins before the batch ends reaches furthest.
    let [from, to] = [0, ranges.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const range = ranges[middle];
      const isBefore =
        range !== undefined &&
        (range.boot < boot || (range.boot === boot && range.first <= first + count));
      if (isBefore) from = middle + 1;
      else to = middle;
    }
    const range = ranges[from - 1];
    return range?.boot === boot && first < range.end;
  });
}
