import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { Role, Service } from '../../protocol/vocabulary.ts';

/** Length of a day, seconds. */
const DAY = 24 * 3600;
/** Charts that are counted at once: the one that got nothing for the longest time begins again. */
const MOST_CHARTS = 100_000;
/** Files that are remembered as counted; a forgotten one counts again. */
const MOST_COUNTED = 100_000;
/** Pages of what was added before a restart that a first file waits for; the others are counted while files are taken. */
const MOST_AWAITED = 64;
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
  /** Its hash: a party's file counts once in a day. */
  readonly file: Bytes32;
}

/** A file that was added before a restart. */
export interface AddedBytes extends Omit<WantedBytes, 'role'> {
  readonly handle: Handle;
}

interface ChartCount {
  others: number;
  readonly byParty: Map<Address, number>;
}

/**
 * Counts the bytes of sealed files that are added in a day, by chart, party and role. Whoever may write on one chart
 * cannot fill the disks of all organisations. After a restart it counts first what the logs say of the end of the day so far, and
 * then the rest.
 */
export class ByteAllowance {
  readonly #unit: () => number;
  readonly #before: (since: number) => AsyncIterable<readonly AddedBytes[]>;
  #recalled: Promise<void> | undefined;
  #day = 0;
  readonly #charts = new Map<Handle, ChartCount>();
  readonly #parties = new Map<Address, number>();
  readonly #counted = new Set<string>();

  /**
   * @param unit - Bytes that a patient may add to a chart in a day.
   * @param before - Finds the files that were added since a moment of the ledger, before this program ran; newest first, by pages.
   */
  constructor(
    unit: () => number,
    before: (since: number) => AsyncIterable<readonly AddedBytes[]> = nothing,
  ) {
    this.#unit = unit;
    this.#before = before;
  }

  /**
   * Takes a file's bytes from what is left of the day.
   *
   * @param wanted - The file, its chart and party.
   * @param at - The moment, Unix seconds.
   * @returns False if too few are left.
   */
  async take(wanted: WantedBytes, at: number): Promise<boolean> {
    this.#recalled ??= this.#recall(at).catch((error: unknown) => {
      // The next who asks reads the logs again.
      this.#recalled = undefined;
      throw error;
    });
    await this.#recalled;
    const { party, role, handle, isPatient = false, bytes } = wanted;
    this.#begin(Math.floor(at / DAY));
    if (this.#counted.has(nameOf(wanted))) return true;
    const cost = Math.max(bytes, LEAST);
    const unit = this.#unit();
    const share = unit * (TREATING.includes(role) ? SHARES.treating : 1);
    if ((this.#parties.get(party) ?? 0) + cost > share * SHARES.charts) return false;
    if (handle !== undefined) {
      const { others = 0, byParty } = this.#charts.get(handle) ?? {};
      const isOver = !isPatient && others + cost > unit * SHARES.together;
      if ((byParty?.get(party) ?? 0) + cost > share || isOver) return false;
    }
    this.#add(wanted);
    return true;
  }

  async #recall(at: number): Promise<void> {
    const day = Math.floor(at / DAY);
    const pages = this.#before(day * DAY)[Symbol.asyncIterator]();
    const isOver = async (most: number): Promise<boolean> => {
      for (let page = 0; page < most; page++) {
        const next = await pages.next();
        // An earlier day is forgotten, and not taken for this one.
        this.#begin(day);
        if (next.done === true || this.#day !== day) return true;
        for (const each of next.value) this.#add(each);
      }
      return false;
    };
    if (await isOver(MOST_AWAITED)) return;
    // Files that cannot be read are not counted.
    isOver(Infinity).catch(() => undefined);
  }

  #add(added: Omit<WantedBytes, 'role'>): void {
    const { party, handle, isPatient = false, bytes } = added;
    const name = nameOf(added);
    if (this.#counted.has(name)) return;
    const cost = Math.max(bytes, LEAST);
    if (handle !== undefined) {
      const chart = this.#charts.get(handle) ?? { others: 0, byParty: new Map<Address, number>() };
      chart.byParty.set(party, (chart.byParty.get(party) ?? 0) + cost);
      chart.others += isPatient ? 0 : cost;
      this.#charts.delete(handle);
      this.#charts.set(handle, chart);
      keepNewest(this.#charts, MOST_CHARTS);
    }
    this.#parties.set(party, (this.#parties.get(party) ?? 0) + cost);
    this.#counted.add(name);
    keepNewest(this.#counted, MOST_COUNTED);
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

/** Names a file among those of a day: it counts once for a party on a chart. */
function nameOf({ party, handle, file, bytes }: Omit<WantedBytes, 'role'>): string {
  return [party, handle ?? '', file, bytes].join(' ');
}

async function* nothing(): AsyncGenerator<readonly AddedBytes[]> {
  yield* await Promise.resolve([]);
}
