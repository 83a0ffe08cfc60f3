import type { Address, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../protocol/keepNewest.ts';
import type { Role, Service } from '../../protocol/vocabulary.ts';

/** Length of a day, seconds. */
const DAY = 24 * 3600;
/** Charts that are counted at once: the one that got nothing for the longest time begins again. */
const MOST_CHARTS = 100_000;
/** Files that are remembered as counted; a forgotten one counts again. */
const MOST_COUNTED = 100_000;
/** Bytes that a file counts as at least: an entry, its body and what is kept about it take room too. */
const LEAST = 64 * 2 ** 10;

/** Words of the quota in a refusal, which say when there is more. */
export const DAILY_BYTES = 'bytes that a party may add in a day (until 00:00 UTC)';

/** Roles that add images and whole series of them. */
const TREATING: readonly (Role | Service | undefined)[] = ['doctor', 'nurse', 'lab'];

/** Multiples of the bytes that a patient may add to a chart in a day. */
export const SHARES = {
  /** Of one party that treats, on one chart. */
  treating: 16,
  /** Of all parties but the patient together, on one chart. */
  together: 32,
  /** Of one party on all charts, as often as on one chart. */
  charts: 64,
} as const;

/** A sealed file that is to be kept. */
export interface WantedBytes {
  readonly party: Address;
  /** The party's role; undefined if it has none any more. */
  readonly role: Role | Service | undefined;
  /** The chart; absent if it is not known yet: then only the party's bytes on all charts count. */
  readonly handle?: Handle;
  /** True for the chart's patient, whose files do not depend on how much others add. */
  readonly isPatient?: boolean;
  /** Length of the file. */
  readonly bytes: number;
  /** Names the file among those of a day: it counts once. */
  readonly name: string;
}

interface ChartCount {
  others: number;
  readonly byParty: Map<Address, number>;
}

/**
 * Counts the bytes of sealed files that are added in a day, by chart, party and role; in memory. Whoever may write on one chart
 * cannot fill the disks of all organisations.
 */
export class ByteAllowance {
  readonly #unit: number;
  #day = 0;
  readonly #charts = new Map<Handle, ChartCount>();
  readonly #parties = new Map<Address, number>();
  readonly #counted = new Set<string>();

  /** @param unit - Bytes that a patient may add to a chart in a day. */
  constructor(unit: number) {
    this.#unit = unit;
  }

  /**
   * Takes a file's bytes from what is left of the day.
   *
   * @param wanted - The file, its chart and party.
   * @param at - The moment, Unix seconds.
   * @returns False if too few are left.
   */
  take(wanted: WantedBytes, at: number): boolean {
    const { party, role, handle, isPatient = false, bytes, name } = wanted;
    this.#begin(Math.floor(at / DAY));
    if (this.#counted.has(name)) return true;
    const cost = Math.max(bytes, LEAST);
    const share = this.#unit * (TREATING.includes(role) ? SHARES.treating : 1);
    const inAll = (this.#parties.get(party) ?? 0) + cost;
    if (inAll > share * SHARES.charts) return false;
    if (handle !== undefined) {
      const chart = this.#charts.get(handle) ?? { others: 0, byParty: new Map<Address, number>() };
      const own = (chart.byParty.get(party) ?? 0) + cost;
      const others = chart.others + (isPatient ? 0 : cost);
      const isOver = !isPatient && others > this.#unit * SHARES.together;
      if (own > share || isOver) return false;
      chart.byParty.set(party, own);
      chart.others = others;
      this.#charts.delete(handle);
      this.#charts.set(handle, chart);
      const [oldest] = this.#charts.keys();
      if (this.#charts.size > MOST_CHARTS && oldest !== undefined) this.#charts.delete(oldest);
    }
    this.#parties.set(party, inAll);
    this.#counted.add(name);
    keepNewest(this.#counted, MOST_COUNTED);
    return true;
  }

  #begin(day: number): void {
    // An agent chooses the moment, within seconds: going back would count each day again from 0.
    if (day <= this.#day) return;
    this.#day = day;
    this.#charts.clear();
    this.#parties.clear();
    this.#counted.clear();
  }
}
