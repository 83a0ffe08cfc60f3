import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MOST_LANES } from '../../ledger/chain/limits.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { Semaphore } from '../http/limits/Semaphore.ts';

/** What runs code for as long as its gas lasts. */
const RUNNING: ReadonlySet<string> = new Set(['eth_call', 'eth_estimateGas']);
/** How many calls of all may wait, and how long one waits at most, milliseconds. */
const [MOST_WAITING, PATIENCE] = [512, 15_000];

/**
 * Shares out what the ledger runs at a time, so that no organisation's calls fill it up: of one organisation an eighth
 * runs, and its others wait.
 *
 * @param ledger - The ledger.
 * @param clock - Its timers.
 * @returns The ledger as an organisation asks it; it throws MedsealError `OVERLOADED` where too many of its calls wait.
 */
export function shareCalls(
  ledger: LedgerProvider,
  clock: Clock,
): (caller: Organisation) => LedgerProvider {
  const places = new Semaphore({
    capacity: MOST_LANES,
    waiting: MOST_WAITING,
    patience: PATIENCE,
    clock,
  });
  return (caller) => ({
    async request(call) {
      if (!RUNNING.has(call.method)) return await ledger.request(call);
      const leave = await places.enter(caller);
      try {
        return await ledger.request(call);
      } finally {
        leave();
      }
    },
  });
}
