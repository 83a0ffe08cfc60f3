import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MOST_LANES } from '../ledger/chain/limits.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import { Semaphore } from '../http/limits/Semaphore.ts';

/** Methods that run code for as long as their gas lasts. */
const RUNNING: ReadonlySet<string> = new Set(['eth_call', 'eth_estimateGas']);
/** Number of calls of all that may wait, and longest wait of one, milliseconds. */
const [MOST_WAITING, PATIENCE] = [512, 15_000];

/**
 * Shares the calls that the ledger runs at once, so that no organisation fills it: an eighth are of one organisation, and
 * its other calls wait.
 *
 * @param ledger - The ledger.
 * @param clock - Timers.
 * @returns The ledger as an organisation asks it; it throws MedsealError `OVERLOADED` if too many of its calls wait.
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
