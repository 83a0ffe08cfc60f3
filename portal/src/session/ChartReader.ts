import {
  isErasedIn,
  readRecords,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../src/client/index.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import type { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import { arrangeChart } from '../fhir/arrangeChart.ts';
import type { ArrangedChart } from '../fhir/ArrangedChart.ts';
import { describeEach } from '../fhir/describeEach.ts';
import type { Described } from '../fhir/describeResource.ts';
import { resolverOf, type Entry } from '../../../src/fhir/Resolve.ts';
import type { PartContent } from '../../../src/fhir/Part.ts';
import { partOfRecord } from './partOfRecord.ts';
import { openedEntries } from './openedEntries.ts';
import { orderOfReading } from './orderOfReading.ts';

/** Of organisations that do not answer or cannot release a record yet: it may open later. */
const AWAY = ['RELEASE_PENDING', 'VERDICTS_MISSING', 'PEER_UNREACHABLE'] as const;
/**
 * Records that are opened at first, so that some show soon, and at most: each time twice as many, by one view. Nobody else learns
 * by views of one's own chart what was read, and fewer of them keep the list of evidence short.
 */
const [OF_OTHERS, OF_OWN] = [
  { first: 8, most: 64 },
  { first: 32, most: 256 },
];
/** Resources that are described at once: the page answers in between. */
const DESCRIBED = 10;
/** Least time between two pictures of the chart, milliseconds. */
const BETWEEN = 250;

/** A record that could not be opened. */
export interface RecordFailed {
  readonly record: ChartRecord;
  readonly error: MedsealError;
}

/** The part of a chart that has been opened so far. */
export interface ChartState {
  readonly arranged: ArrangedChart;
  /** The record that each resource is from. */
  readonly recordOf: ReadonlyMap<unknown, ChartRecord>;
  /** The resources of each opened record. */
  readonly resourcesIn: ReadonlyMap<ChartRecord, readonly unknown[]>;
  /** The document that presents each record which is its file, see `presentedFile`. */
  readonly files: ReadonlyMap<string, ChartRecord>;
  /** Records that have not been opened yet. */
  readonly left: readonly ChartRecord[];
  /** Records that are too large to be opened before somebody asks. */
  readonly large: readonly ChartRecord[];
  /** Records that could not be opened, and why: set aside while the rest is opened. */
  readonly failures: readonly RecordFailed[];
  readonly done: number;
  readonly of: number;
  /** Organisations that released records of it, if it needs that. */
  readonly released: readonly Organisation[];
  /** Everything has been opened that is opened unasked. */
  readonly finished: boolean;
  /** Why it stopped, or a record was set aside that may open later. */
  readonly error?: unknown;
}

/** Opens the records of a chart behind its list, a few at once, so that the page stays quick. */
export class ChartReader {
  #state: ChartState;
  readonly #party: Party;
  readonly #chart: Chart;
  readonly #left: ChartRecord[];
  /** Parts as their authors wrote them; undefined for a file. */
  readonly #opened = new Map<string, PartContent | undefined>();
  /** Parts that an earlier reader opened: what became of them is asked again. */
  readonly #carried: (readonly [ChartRecord, PartContent | undefined])[];
  readonly #told = new Map<string, ChartRecord>();
  readonly #entries: Entry[] = [];
  readonly #recordOf = new Map<unknown, ChartRecord>();
  readonly #resourcesIn = new Map<ChartRecord, readonly unknown[]>();
  readonly #failures: RecordFailed[] = [];
  readonly #released: Set<Organisation>;
  /** Those that follow it, with the categories that they need; all if undefined. */
  readonly #listeners = new Map<() => void, readonly Category[] | undefined>();
  #described = new Map<unknown, Described>();
  /** The newest versions of the chart's records. */
  readonly #listed: readonly ChartRecord[];
  /** Reader of the chart as it is now, if this one's was asked for before. */
  #next: ChartReader | undefined;
  readonly #batches: typeof OF_OWN;
  #batch: number;
  #run = 0;
  #running = Promise.resolve();
  #shown = -Infinity;
  #isStopped = false;
  /** True if something was opened since all of it was described together. */
  #hasNew = false;

  /**
   * @param party - The reader.
   * @param chart - A chart that was released.
   * @param before - Reader of the same chart as it was: what that one opened is not viewed again, and what it is given from
   * now on is given to this one.
   */
  constructor(party: Party, chart: Chart, before?: ChartReader) {
    const { now, after, large } = orderOfReading(chart.records);
    const all = [...now, ...after];
    this.#party = party;
    this.#chart = chart;
    this.#batches = chart.grant === undefined ? OF_OWN : OF_OTHERS;
    this.#batch = this.#batches.first;
    const opened =
      before === undefined ? new Map<string, PartContent | undefined>() : before.#opened;
    // A record that was erased since is gone from the page too.
    const isOpened = (record: ChartRecord): boolean =>
      opened.has(nameOf(record)) && !isErasedIn(chart, record);
    if (before !== undefined) before.#next = this;
    // Records that are carried over were released to that reader.
    this.#released = new Set(before === undefined ? [] : before.#released);
    this.#listed = [...all, ...large];
    this.#carried = this.#listed
      .filter(isOpened)
      .map((record) => [record, opened.get(nameOf(record))] as const);
    this.#left = all.filter((record) => !isOpened(record));
    const { arranged, recordOf, resourcesIn, files } = before?.state() ?? this.#opening();
    this.#state = {
      arranged,
      recordOf,
      resourcesIn,
      files,
      left: this.#left,
      large,
      failures: [],
      done: 0,
      released: [...this.#released].toSorted(),
      of: all.length,
      finished: false,
    };
  }

  /** Returns what has been opened: another object whenever it changes. */
  readonly state = (): ChartState => this.#state;

  /**
   * Calls back whenever more has been opened, and opens more as long as anybody listens.
   *
   * @param listener - Called without arguments.
   * @param only - Categories that it needs; all if absent. Every record that is opened is a view.
   * @returns Ends it.
   */
  readonly follow = (listener: () => void, only?: readonly Category[]): (() => void) => {
    this.#listeners.set(listener, only);
    if (!this.#state.finished) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      // Whoever has left the screen views nothing more.
      if (this.#listeners.size === 0) this.#run += 1;
    };
  };

  /**
   * Takes a record that somebody opened by itself, because it is large, sensitive, was set aside or a document presents it as its file:
   * if it is a part of FHIR, it belongs to the chart like every other, and it is not viewed again. If the chart was asked for
   * again meanwhile, its newest reader takes it: not if it was erased since, or has another version.
   *
   * @param given - A record version of the chart.
   * @param content - Its plaintext.
   */
  readonly take = async (given: ChartRecord, content: Uint8Array): Promise<void> => {
    if (this.#next !== undefined) {
      await this.#next.take(given, content);
      return;
    }
    const record = this.#listed.find((each) => nameOf(each) === nameOf(given));
    if (record === undefined || isErasedIn(this.#chart, record)) return;
    const part = partOfRecord(content, record);
    const aside = this.#failures.findIndex((each) => each.record === record);
    const place = this.#left.indexOf(record);
    if (aside !== -1) this.#failures.splice(aside, 1);
    if (place !== -1) this.#left.splice(place, 1);
    if (aside === -1 && place === -1 && part === undefined) return;
    await this.#keep(record, part);
    await this.#describe([record], this.#described);
    this.#show(this.#whyAside(), true);
  };

  /** Goes on after a failure, with the records that were set aside and may open now. */
  again(): void {
    if (this.#listeners.size === 0) return;
    const all = this.#failures.splice(0);
    this.#failures.push(...all.filter(({ error }) => !error.retry));
    this.#left.unshift(...all.flatMap(({ record, error }) => (error.retry ? [record] : [])));
    this.#begin();
  }

  /** Ends it for good, and drops what it opened: the page was locked. */
  stop(): void {
    this.#isStopped = true;
    this.#run += 1;
    this.#opened.clear();
    this.#carried.length = 0;
    this.#entries.length = 0;
    this.#recordOf.clear();
    this.#resourcesIn.clear();
    this.#described = new Map();
    this.#state = { ...this.#state, ...this.#opening() };
  }

  /** One run follows the other: two at once would open the same records. */
  #begin(): void {
    if (this.#isStopped) return;
    const run = (this.#run += 1);
    this.#running = this.#running.then(async () => await this.#read(run));
  }

  async #read(run: number): Promise<void> {
    if (run !== this.#run) return;
    try {
      const carried = this.#carried.splice(0);
      for (const [record, part] of carried) {
        if (this.#isStopped) return;
        await this.#keep(record, part);
      }
      await this.#describe(
        carried.map(([record]) => record),
        this.#described,
      );
      // Until then, everything that the reader before has opened stays in view.
      this.#show({ finished: false }, true);
      let cameBefore = 0;
      while (this.#left.some((record) => this.#isWanted(record))) {
        const batch = this.#nextBatch();
        const opened: ChartRecord[] = [];
        const read: ChartRecord[] = [];
        const failed: RecordFailed[] = [];
        for await (const result of readRecords(this.#party, this.#chart, batch)) {
          if (this.#isStopped) return;
          read.push(result.record);
          if ('error' in result) failed.push(result);
          else {
            for (const each of result.released?.by ?? []) this.#released.add(each);
            await this.#keep(result.record, partOfRecord(result.content, result.record));
            opened.push(result.record);
          }
          await pause();
        }
        const left = this.#left.filter((each) => !read.includes(each));
        const hasMore = cameBefore === 0 || left.some((record) => this.#isWanted(record));
        const pending = opened.length === 0 && hasMore ? failed.filter(mayOpenLater) : [];
        this.#failures.push(...failed.filter((each) => !pending.includes(each)));
        this.#left.splice(0, this.#left.length, ...pending.map(({ record }) => record), ...left);
        // Whoever comes next finds them described, also if this run ends here.
        await this.#describe(opened, this.#described);
        if (run !== this.#run) return;
        // More views would only be written down: it goes on from here once somebody tries again.
        if (pending[0] !== undefined) throw pending[0].error;
        cameBefore += opened.length;
        this.#batch = Math.min(2 * this.#batch, this.#batches.most);
        this.#show({}, false);
      }
      // A resource may refer to one that was opened after it, also if nobody needs the rest.
      if (this.#hasNew) {
        this.#hasNew = false;
        const described = new Map<unknown, Described>();
        await this.#describe([...this.#resourcesIn.keys()], described);
        this.#described = described;
      }
      const finished = this.#left.length === 0;
      if (run === this.#run) this.#show({ finished, ...this.#whyAside() }, true);
    } catch (error) {
      this.#batch = this.#batches.first;
      if (run === this.#run) this.#show({ error }, true);
    }
  }

  /** Why a record was set aside that may open later. */
  #whyAside(): Pick<ChartState, 'error'> {
    const aside = this.#failures.find(mayOpenLater);
    return aside === undefined ? {} : { error: aside.error };
  }

  #nextBatch(): readonly ChartRecord[] {
    const isTold = ({ record }: ChartRecord): boolean => this.#told.has(record);
    this.#left.splice(0, this.#left.length, ...this.#left.filter((each) => !isTold(each)));
    return this.#left.filter((record) => this.#isWanted(record)).slice(0, this.#batch);
  }

  #isWanted({ category }: ChartRecord): boolean {
    return [...this.#listeners.values()].some((only) => only?.includes(category) ?? true);
  }

  async #keep(record: ChartRecord, part: PartContent | undefined): Promise<void> {
    if (this.#isStopped) return;
    if (this.#opened.has(nameOf(record))) return;
    this.#opened.set(nameOf(record), part);
    this.#hasNew = true;
    const { entries, file } =
      part === undefined
        ? { entries: [] }
        : await openedEntries(this.#party, this.#chart, record, part);
    if (this.#isStopped) return;
    const resources = entries.map(({ resource }) => resource);
    if (file !== undefined) this.#told.set(file.record, record);
    for (const resource of resources) this.#recordOf.set(resource, record);
    this.#resourcesIn.set(record, resources);
    this.#entries.push(...entries);
  }

  /** Each record has a budget of its own: one that takes too long leaves the others as they are. */
  async #describe(
    records: readonly ChartRecord[],
    described: Map<unknown, Described>,
  ): Promise<void> {
    const resolve = resolverOf(this.#entries);
    let count = 0;
    for (const record of records) {
      const resources = this.#resourcesIn.get(record) ?? [];
      let place = 0;
      for (const each of describeEach(resources, resolve)) {
        described.set(resources[place], each);
        place += 1;
        count += 1;
        if (count % DESCRIBED === 0) await pause();
      }
    }
  }

  /** Everything that this reader has opened. */
  #opening(): Pick<ChartState, 'arranged' | 'recordOf' | 'resourcesIn' | 'files'> {
    return {
      arranged: arrangeChart(this.#entries, this.#described),
      recordOf: this.#recordOf,
      resourcesIn: this.#resourcesIn,
      files: this.#told,
    };
  }

  #show(change: Partial<ChartState>, always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#shown < BETWEEN) return;
    this.#shown = now;
    const { error: _before, ...state } = this.#state;
    this.#state = {
      ...state,
      ...this.#opening(),
      left: [...this.#left],
      failures: [...this.#failures],
      released: [...this.#released].toSorted(),
      done: this.#state.of - this.#left.length,
      ...change,
    };
    for (const listener of this.#listeners.keys()) listener();
  }
}

interface Known {
  /** The newest that came. */
  readonly chart: Chart;
  readonly reader: ChartReader;
  /** Those in whose place it came. */
  readonly before: WeakSet<Chart>;
}
/** The newest reader of each chart that a party looked at. */
const readers = new WeakMap<Party, Map<string, Known>>();

/**
 * The reader of a chart, the same for as long as the page is open: what was opened is not opened again. Of a chart that was asked
 * for again it is the newest reader, also for whoever still holds the chart as it was.
 *
 * @param party - The reader.
 * @param chart - The chart.
 */
export function readerOf(party: Party, chart: Chart): ChartReader {
  const own = readers.get(party) ?? readersUntilEnd(party);
  const name = JSON.stringify([chart.handle, chart.grant?.terms.salt, chart.purpose]);
  const known = own.get(name);
  if (known !== undefined && isNoNewer(chart, known)) return known.reader;
  const reader = new ChartReader(party, chart, known?.reader);
  const before = known?.before ?? new WeakSet();
  if (known !== undefined) before.add(known.chart);
  own.set(name, { chart, reader, before });
  return reader;
}

/** Answers may come in another order than they were asked for: the view of the older one comes first in its log. */
function isNoNewer(chart: Chart, known: Known): boolean {
  if (known.chart === chart || known.before.has(chart)) return true;
  const [asked, newest] = [chart.acknowledgement, known.chart.acknowledgement];
  return asked.log === newest.log && asked.index < newest.index;
}

function readersUntilEnd(party: Party): Map<string, Known> {
  const own = new Map<string, Known>();
  readers.set(party, own);
  atSessionEnd(party, () => {
    for (const { reader } of own.values()) reader.stop();
    readers.delete(party);
  });
  return own;
}

function mayOpenLater({ error }: RecordFailed): boolean {
  return AWAY.some((code) => isMedsealError(error, code));
}

function nameOf({ record, version }: ChartRecord): string {
  return `${record}/${version}`;
}

/** Lets the browser take what the person types. */
async function pause(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
}
