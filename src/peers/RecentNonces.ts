import { MedsealError } from '../errors/MedsealError.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Hex, Organisation } from '../protocol/ids.ts';

/** Greatest number of nonces of one organisation that are remembered for each span of time. */
const MOST = 2 ** 18;

/** Nonces that were seen recently, each remembered for at least a span of time and at most twice that. */
export class RecentNonces {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #span: number;
  readonly #most: number;
  #since: number;
  #young = new Map<Organisation, Set<Hex>>();
  #old = new Map<Organisation, Set<Hex>>();

  /**
   * @param clock - Tells when a span is over.
   * @param span - Milliseconds.
   * @param most - Greatest number of nonces of one organisation in a span.
   */
  constructor(clock: Pick<Clock, 'now'>, span: number, most: number = MOST) {
    this.#clock = clock;
    this.#span = span;
    this.#most = most;
    this.#since = clock.now();
  }

  /**
   * Remembers a nonce.
   * @returns True if it is new.
   * @throws MedsealError `QUOTA_SPENT` if too many of the organisation are remembered.
   */
  add(organisation: Organisation, nonce: Hex): boolean {
    this.#forget();
    if (this.#old.get(organisation)?.has(nonce)) return false;
    const young = this.#young.get(organisation) ?? new Set();
    if (young.has(nonce)) return false;
    if (young.size >= this.#most) throw new MedsealError('QUOTA_SPENT', { what: 'calls' });
    young.add(nonce);
    this.#young.set(organisation, young);
    return true;
  }

  #forget(): void {
    const now = this.#clock.now();
    const passed = now - this.#since;
    if (passed < this.#span) return;
    this.#old = passed < 2 * this.#span ? this.#young : new Map();
    this.#young = new Map();
    this.#since = now;
  }
}
