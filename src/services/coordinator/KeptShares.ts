import { KeyedLock } from '../../database/KeyedLock.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Hex } from '../../protocol/ids.ts';

/** Milliseconds for which a share is kept: as long as the ticket of the view that it was released for. */
const LIFE = 300_000;
/** Number of shares that are kept; the oldest go first. */
const MOST = 10_000;

interface Kept {
  readonly share: Hex;
  readonly until: number;
}

/**
 * Shares that a coordinator made a moment ago: each takes a processor's time, and readers ask again for what they
 * opened. Every release is judged before; only the arithmetic is spared.
 */
export class KeptShares {
  /** Has views of takeovers noted one after another: each is released for one seal alone. */
  readonly takeovers = new KeyedLock();
  readonly #clock: Pick<Clock, 'now'>;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * Returns a share that is kept, or makes it and keeps it.
   *
   * @param name - Names the seal, the version of a record, and the key that its share is of.
   * @param make - Makes the share.
   */
  async share(name: string, make: () => Promise<Hex>): Promise<Hex> {
    const now = this.#clock.now();
    for (const [old, { until }] of this.#kept) {
      if (until > now && this.#kept.size < MOST) break;
      this.#kept.delete(old);
    }
    const known = this.#kept.get(name);
    if (known !== undefined) return known.share;
    const share = await make();
    this.#kept.set(name, { share, until: now + LIFE });
    return share;
  }
}
