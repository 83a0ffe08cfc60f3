import type { Clock } from '../protocol/Clock.ts';
import type { Address } from '../protocol/ids.ts';

/** Seeds that were unlocked and stay so for a while, in memory, so that nobody pays for a passphrase twice. */
export class UnlockedSeeds {
  readonly #clock: Clock;
  readonly #seeds = new Map<Address, { readonly seed: Uint8Array; readonly cancel: () => void }>();

  /** @param clock - Says when a seed's time is over. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Keeps a seed for a while; it replaces the one that is kept for the party, with its end.
   * @param party - Whose.
   * @param seed - 32 bytes; a copy is kept.
   * @param milliseconds - How long.
   */
  keep(party: Address, seed: Uint8Array, milliseconds: number): void {
    this.forget(party);
    const cancel = this.#clock.after(milliseconds, () => this.forget(party));
    this.#seeds.set(party, { seed: seed.slice(), cancel });
  }

  /** A copy of a party's seed, or undefined where none is unlocked. */
  find(party: Address): Uint8Array | undefined {
    return this.#seeds.get(party)?.seed.slice();
  }

  /** Overwrites a party's seed and forgets it. Safe to repeat. */
  forget(party: Address): void {
    const known = this.#seeds.get(party);
    known?.cancel();
    known?.seed.fill(0);
    this.#seeds.delete(party);
  }
}
