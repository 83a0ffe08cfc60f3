import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';

/** Length of a day, seconds. */
const DAY = 24 * 3600;
/** Number of charts that are counted in a day; a refusal on a further chart gets no entry. */
const MOST_CHARTS = 100_000;
/** Number of counted requests that are remembered; a forgotten one counts again. */
const MOST_COUNTED = 100_000;

/**
 * Number of refusals that become entries in a day. Beyond it a refusal is a number in a summary, so that nobody fills a
 * patient's audit.
 */
export const DAILY = {
  /** Of one party that has or had a right on the chart. */
  known: 60,
  /** Of all such parties together, on one chart. */
  knownTogether: 240,
  /** Of one party that never had a right on the chart. */
  stranger: 4,
  /** Of all such parties together, on one chart. */
  strangersTogether: 16,
  /** For one party on all charts on which it never had a right. */
  strangerInAll: 200,
} as const;

/** The same of the record versions that refused views of several name: a line of an audit each has its list. */
export const DAILY_PAIRS = {
  known: 16_384,
  knownTogether: 65_536,
  stranger: 1024,
  strangersTogether: 4096,
  strangerInAll: 16_384,
} as const satisfies Readonly<Record<keyof typeof DAILY, number>>;

/** A refusal that wants an entry. */
export interface WantedRefusal {
  readonly handle: Handle;
  readonly party: Address;
  /** True if the party is known to have, or have had, a right on the chart. */
  readonly known: boolean;
  /** True for the chart's patient, whose entries do not depend on how many others have. */
  readonly isPatient?: boolean;
  /** Number of record versions that it names, if it is of several. */
  readonly pairs?: number;
  /** Digest of the request, if the same may come again: it counts once. */
  readonly request?: Bytes32;
}

/** Entries and record versions. */
interface Use {
  readonly entries: number;
  readonly pairs: number;
}

const NOTHING: Use = { entries: 0, pairs: 0 };

/** Refusals of one chart in a day. */
interface ChartCount {
  known: Use;
  strangers: Use;
  readonly byKnown: Map<Address, Use>;
  readonly byStranger: Map<Address, Use>;
}

/**
 * Counts the refusals that become entries, by chart and party, for a day each; in memory. Another of its kind counts
 * requests for rights.
 */
export class RefusalAllowance {
  #day = 0;
  readonly #charts = new Map<Handle, ChartCount>();
  readonly #strangers = new Map<Address, Use>();
  /** Requests that were counted. */
  readonly #counted = new Set<Bytes32>();

  /**
   * Takes one of the day's entries.
   *
   * @param wanted - On which chart, by which party.
   * @param at - The moment, Unix seconds.
   * @returns False if none is left.
   */
  take(
    { handle, party, known, isPatient = false, pairs = 0, request }: WantedRefusal,
    at: number,
  ): boolean {
    this.#begin(Math.floor(at / DAY));
    if (request !== undefined && this.#counted.has(request)) return true;
    const chart = this.#charts.get(handle) ?? newChart();
    if (!this.#charts.has(handle) && this.#charts.size >= MOST_CHARTS) return false;
    const more = { entries: 1, pairs };
    // A party that shows a right once and not the next time counts as two.
    const parties = known ? chart.byKnown : chart.byStranger;
    const own = plus(parties.get(party), more);
    const inAll = plus(this.#strangers.get(party), more);
    const together = plus(known ? chart.known : chart.strangers, more);
    const isLeft = known
      ? isWithin('known', own) && (isPatient || isWithin('knownTogether', together))
      : isWithin('stranger', own) &&
        isWithin('strangersTogether', together) &&
        isWithin('strangerInAll', inAll);
    if (!isLeft) return false;
    parties.set(party, own);
    if (known && !isPatient) chart.known = together;
    if (!known) {
      chart.strangers = together;
      this.#strangers.set(party, inAll);
    }
    this.#charts.set(handle, chart);
    if (request !== undefined) {
      this.#counted.add(request);
      keepNewest(this.#counted, MOST_COUNTED);
    }
    return true;
  }

  #begin(day: number): void {
    // An agent chooses the moment, within seconds: going back would count each day again from 0.
    if (day <= this.#day) return;
    this.#day = day;
    this.#charts.clear();
    this.#strangers.clear();
    this.#counted.clear();
  }
}

function plus(one: Use = NOTHING, other: Use): Use {
  return { entries: one.entries + other.entries, pairs: one.pairs + other.pairs };
}

function isWithin(limit: keyof typeof DAILY, { entries, pairs }: Use): boolean {
  return entries <= DAILY[limit] && pairs <= DAILY_PAIRS[limit];
}

function newChart(): ChartCount {
  return { known: NOTHING, strangers: NOTHING, byKnown: new Map(), byStranger: new Map() };
}
