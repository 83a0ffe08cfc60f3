import type { AsyncPairing, LoadAsyncPairing } from '../../crypto/threshold/PairingPort.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { PAIRING_CALLS } from './PairingCalls.ts';

interface End {
  readonly pairing: AsyncPairing;
  readonly drop: () => void;
  /** Calls under way. */
  calls: number;
}

/**
 * Pairing arithmetic that several threads share: each call goes to the one with the least to do. If one fails, another
 * computes what it was given, and the failed one gets no more calls.
 *
 * @example
 * ```ts
 * const worker = new URL('pairingWorker.js', import.meta.url);
 * const pool = new PairingPool(loadNoblePairing);
 * for (let threads = 0; threads < 2; threads++) {
 *   pool.add(await pairingIn(new Worker(worker, { type: 'module' })));
 * }
 * const loadPairing = async () => pool.pairing;
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed, loadPairing });
 * ```
 */
export class PairingPool {
  /** The arithmetic. */
  readonly pairing: AsyncPairing;
  readonly #load: LoadAsyncPairing;
  readonly #ends = new Set<End>();

  /** @param load - Loads the arithmetic that computes while there is no thread. */
  constructor(load: LoadAsyncPairing) {
    this.#load = load;
    this.pairing = Object.fromEntries(
      PAIRING_CALLS.map((call) => [
        call,
        async (...given: readonly unknown[]) => await this.#compute(call, given),
      ]),
    ) as unknown as AsyncPairing;
  }

  /** Number of threads. */
  get size(): number {
    return this.#ends.size;
  }

  /**
   * Adds a thread.
   *
   * @param pairing - Its arithmetic (`pairingIn`).
   * @param drop - Called once the thread failed: it may be ended.
   */
  add(pairing: AsyncPairing, drop: () => void = () => undefined): void {
    this.#ends.add({ pairing, drop, calls: 0 });
  }

  async #compute(call: keyof AsyncPairing, given: readonly unknown[]): Promise<unknown> {
    for (;;) {
      const end = this.#idlest();
      if (end === undefined) return await computed(await this.#load(), call, given);
      end.calls += 1;
      try {
        return await computed(end.pairing, call, given);
      } catch (error) {
        // Whatever is wrong with what was given, each of them finds alike.
        if (!isMedsealError(error, 'INTERNAL')) throw error;
        if (this.#ends.delete(end)) end.drop();
      } finally {
        end.calls -= 1;
      }
    }
  }

  #idlest(): End | undefined {
    let idlest: End | undefined;
    for (const end of this.#ends) if (end.calls < (idlest?.calls ?? Infinity)) idlest = end;
    return idlest;
  }
}

async function computed(
  pairing: AsyncPairing,
  call: keyof AsyncPairing,
  given: readonly unknown[],
): Promise<unknown> {
  const compute = pairing[call] as (...values: readonly unknown[]) => unknown;
  return await compute.apply(pairing, [...given]);
}
