import type { ErrorCode } from '../../errors/catalogue.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Summary } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { RefusalAllowance, type WantedRefusal } from '../coordinator/RefusalAllowance.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds of counting before the counts are entered; coordinators take no two summaries that are closer together. */
const INTERVAL = 60;
/** Number of parties whose entries are counted in a minute; a refusal to a further party is only counted. */
const MAX_PARTIES = 100_000;

/** Records refusals: an entry each, as far as a party's quota goes, and for the rest a number in a summary. */
export interface Refusals {
  /** Takes one of the party's entries of this minute, and of the chart's of this day; false if no more are left. */
  mayEnter(wanted: WantedRefusal): boolean;
  /** Counts a refusal that gets no entry. */
  count(code: ErrorCode): void;
  /** Ends counting; the counts since the last summary are lost. */
  stop(): void;
}

/**
 * Makes the table of an agent's refusals. Its memory is bounded by the number of codes and of enrolled parties,
 * whatever is sent.
 *
 * @param context - The organisation's context.
 * @param options.perMinute - Entries of refusals that a party can have in a minute.
 * @param options.enter - Enters a summary; if it fails, the counts go into the next one.
 * @param options.onFailure - Told of a summary that could not be entered.
 */
export function createRefusals(
  { clock }: Pick<ServiceContext, 'clock'>,
  options: {
    readonly perMinute: number;
    readonly enter: (counts: Summary['counts']) => Promise<void>;
    readonly onFailure: (error: unknown) => void;
  },
): Refusals {
  let counts = new Map<ErrorCode, number>();
  let minute = 0;
  const entered = new Map<Address, number>();
  const allowance = new RefusalAllowance();
  let cancel: (() => void) | undefined;
  let stopped = false;

  return {
    mayEnter(wanted) {
      const { party } = wanted;
      const now = Math.floor(seconds(clock) / 60);
      if (now !== minute) entered.clear();
      minute = now;
      const before = entered.get(party) ?? 0;
      if (before >= options.perMinute) return false;
      if (before === 0 && entered.size >= MAX_PARTIES) return false;
      if (!allowance.take(wanted, seconds(clock))) return false;
      entered.set(party, before + 1);
      return true;
    },
    count(code) {
      add(code, 1);
      schedule();
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };

  function add(code: ErrorCode, more: number): void {
    counts.set(code, (counts.get(code) ?? 0) + more);
  }

  function schedule(): void {
    if (!stopped) cancel ??= clock.after(INTERVAL * 1000, () => void sumUp());
  }

  async function sumUp(): Promise<void> {
    const summed = counts;
    counts = new Map();
    try {
      await options.enter(Object.fromEntries(summed));
    } catch (error) {
      options.onFailure(error);
      for (const [code, more] of summed) add(code, more);
    }
    cancel = undefined;
    if (counts.size > 0) schedule();
  }
}
