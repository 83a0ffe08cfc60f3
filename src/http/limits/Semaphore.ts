import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { Counts } from './Counts.ts';
import { shareOf } from './shareOf.ts';

/** Options of `Semaphore`. */
export interface SemaphoreOptions {
  /** Number of callers that may be inside at once. */
  readonly capacity: number;
  /** Number of callers that may wait. */
  readonly waiting: number;
  /** Longest wait of one, milliseconds. */
  readonly patience: number;
  readonly clock: Clock;
}

interface Waiting {
  readonly caller: string;
  readonly enter: () => void;
  readonly turnAway: () => void;
}

/**
 * Lets a number in at once, at most an eighth of them from one caller. The rest wait for a while, or are turned away at
 * once. A place that becomes free goes to the caller that has the fewest.
 */
export class Semaphore {
  readonly #options: SemaphoreOptions;
  readonly #queue = new Set<Waiting>();
  readonly #inside = new Counts();
  readonly #waiting = new Counts();

  constructor(options: SemaphoreOptions) {
    this.#options = options;
  }

  /** Number of callers inside. */
  get inside(): number {
    return this.#inside.total;
  }

  /**
   * Waits for a place.
   *
   * @param caller - The caller.
   * @returns Call it to leave; safe to repeat.
   * @throws MedsealError `OVERLOADED` if too many wait, or the wait is too long.
   */
  async enter(caller: string): Promise<() => void> {
    if (this.#hasRoom(caller)) return this.#take(caller);
    this.#makeRoomToWait(caller);
    const { patience, clock } = this.#options;
    return await new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        this.#queue.delete(place);
        this.#waiting.add(caller, -1);
      };
      const place: Waiting = {
        caller,
        enter: () => {
          end();
          resolve(this.#take(caller));
        },
        turnAway: () => {
          end();
          reject(new MedsealError('OVERLOADED', {}));
        },
      };
      const cancel = clock.after(patience, place.turnAway);
      this.#queue.add(place);
      this.#waiting.add(caller, 1);
    });
  }

  #hasRoom(caller: string): boolean {
    const { capacity } = this.#options;
    return this.#inside.total < capacity && this.#inside.of(caller) < shareOf(capacity);
  }

  /** If the queue is full, the caller with the most in it loses its last place to one that has fewer. */
  #makeRoomToWait(caller: string): void {
    const { waiting } = this.#options;
    const own = this.#waiting.of(caller);
    if (own >= shareOf(waiting)) throw new MedsealError('OVERLOADED', {});
    if (this.#queue.size < waiting) return;
    const most = this.#waiting.most();
    if (most === undefined || most.count <= own + 1) throw new MedsealError('OVERLOADED', {});
    [...this.#queue].findLast((each) => each.caller === most.name)?.turnAway();
  }

  #take(caller: string): () => void {
    this.#inside.add(caller, 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside.add(caller, -1);
      this.#admit();
    };
  }

  #admit(): void {
    let next: Waiting | undefined;
    for (const place of this.#queue) {
      if (!this.#hasRoom(place.caller)) continue;
      const fewer = next && this.#inside.of(place.caller) < this.#inside.of(next.caller);
      if (fewer ?? true) next = place;
    }
    next?.enter();
  }
}
