import {
  batchesOnChart,
  readReadings,
  type Chart,
  type ChartWanted,
  type DeviceReadings,
  type OpenedBatches,
  type TimeSpan,
} from '../../../src/client/index.ts';
import { readByWill } from './charts.ts';
import type { Session } from './Session.ts';

/** Milliseconds of batches that are listed at once, so that a look at what is near needs no further view of the chart. */
const LISTED = 600_000;
/** Number of batches that stay open, those of four hours of one device: the ones that were opened first are dropped. */
const MOST_OPEN = 1_440;

/** Readings of a span. */
export interface ReadingsShown {
  /** The chart, with the list of batches that the span is part of. */
  readonly chart: Chart;
  readonly devices: readonly DeviceReadings[];
  readonly span: TimeSpan;
  /** Moment at which the newest batch ended; absent before the first one. */
  readonly newest: number | undefined;
}

/** A span that is wanted: it ends at a moment, or with the newest batch. */
export interface SpanWanted {
  /** Milliseconds. */
  readonly length: number;
  /** Unix milliseconds; the newest batch if absent. */
  readonly until?: number | undefined;
  /** True to ask for the newest batches again. */
  readonly fresh: boolean;
}

/**
 * Reads the readings of a chart, span by span, and drops them for another reader, chart or right. The batches around a span are listed and verified, never all of the chart: a
 * wearable adds thousands in a day.
 */
export class ReadingsReader {
  readonly #opened: OpenedBatches = new Map();
  #chart: Chart | undefined;
  #party: Session['party'] | undefined;
  #newest: number | undefined;

  /**
   * Reads a span; the chart is viewed if what was listed last does not reach as far.
   *
   * @param session - The reader.
   * @param right - The chart, the right to rely on, and the purpose.
   * @param wanted - The span.
   * @throws MedsealError what `readChart` and `readReadings` throw.
   */
  async read(
    { party }: Pick<Session, 'party'>,
    right: ChartWanted,
    { length, until, fresh }: SpanWanted,
  ): Promise<ReadingsShown> {
    if (party !== this.#party || !isBy(this.#chart, right)) {
      this.#opened.clear();
      this.#chart = undefined;
      this.#newest = undefined;
    }
    this.#party = party;
    const known = fresh ? undefined : this.#listed(length, until);
    const most = Math.max(length, LISTED);
    const part =
      until === undefined ? { last: most } : { from: Math.max(0, until - most), until: until + 1 };
    const chart = known ?? (await readByWill(party, { ...right, part }));
    this.#chart = chart;
    if (until === undefined) {
      const ends = batchesOnChart(party, chart).flatMap(({ batches }) => batches);
      const newest = ends.reduce((latest, { end }) => Math.max(latest, end), 0);
      this.#newest = ends.length === 0 ? undefined : newest;
    }
    const end = until ?? this.#newest ?? 0;
    const span = { from: end - length, until: end + 1 };
    const devices =
      this.#newest === undefined ? [] : await readReadings(party, chart, span, this.#opened);
    for (const record of this.#opened.keys()) {
      if (this.#opened.size <= MOST_OPEN) break;
      this.#opened.delete(record);
    }
    return { chart, devices, span, newest: this.#newest };
  }

  /** The chart whose list has all of a span. */
  #listed(length: number, until: number | undefined): Chart | undefined {
    const part = this.#chart?.part;
    if (part === undefined || typeof part === 'string') return undefined;
    const end = until ?? this.#newest;
    if (end === undefined || part.from > Math.max(0, end - length)) return undefined;
    // The newest batches are on a list without an end alone.
    const reaches = until === undefined ? Infinity : until + 1;
    return (part.until ?? Infinity) >= reaches ? this.#chart : undefined;
  }
}

/** Tells whether a chart was listed by a right: another one may end otherwise, and its views say another purpose. */
function isBy(chart: Chart | undefined, { handle, grant, purpose }: ChartWanted): boolean {
  if (chart?.handle !== handle || chart.purpose !== purpose) return false;
  return chart.grant?.terms.salt === grant?.terms.salt;
}
