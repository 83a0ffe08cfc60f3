import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { Counts } from './Counts.ts';
import { shareOf } from './shareOf.ts';

/** Options of `BodyMemory`. */
export interface BodyMemoryOptions {
  /** Bytes of all bodies together. */
  readonly capacity: number;
  /** Largest body, in bytes. */
  readonly bodyBytes: number;
  /** Number of bodies that may wait for room. */
  readonly waiting: number;
  /** Longest wait of one, milliseconds. */
  readonly patience: number;
  readonly clock: Clock;
}

/** A body that arrives and is kept in memory. */
export interface IncomingBody {
  /**
   * Waits for room for a part that has arrived.
   * @param bytes - Length of the part.
   * @throws MedsealError `OVERLOADED` if too many wait, or the wait is too long.
   */
  take(bytes: number): Promise<void>;
  /** Notes that all of it has arrived. */
  whole(): void;
  /** Releases its room; safe to repeat. */
  leave(): void;
}

interface Body {
  readonly caller: string;
  held: number;
}

interface Waiting {
  readonly body: Body;
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * The memory that bodies take up: counted as their bytes arrive, at most an eighth for one caller. The body that began
 * first, of a caller and of all, always has the room reserved that it can still need, so that bodies which have all
 * arrived in part never wait for each other.
 */
export class BodyMemory {
  readonly #options: BodyMemoryOptions;
  readonly #held = new Counts();
  /** Bodies that are still arriving, in the order in which they began. */
  readonly #arriving = new Set<Body>();
  readonly #arrivingOf = new Map<string, Set<Body>>();
  readonly #waiting = new Set<Waiting>();
  readonly #waitingOf = new Counts();

  constructor(options: BodyMemoryOptions) {
    this.#options = options;
  }

  /** Bytes that are in memory. */
  get held(): number {
    return this.#held.total;
  }

  /**
   * Begins to count a body.
   *
   * @param caller - The sender.
   */
  begin(caller: string): IncomingBody {
    const body: Body = { caller, held: 0 };
    this.#begin(body);
    return {
      take: async (bytes) => {
        if (this.#fits(body, bytes)) this.#add(body, bytes);
        else await this.#wait(body, bytes);
      },
      whole: () => {
        this.#end(body);
        this.#admit();
      },
      leave: () => {
        this.#end(body);
        this.#add(body, -body.held);
        this.#admit();
      },
    };
  }

  #begin(body: Body): void {
    const own = this.#arrivingOf.get(body.caller) ?? new Set();
    this.#arrivingOf.set(body.caller, own.add(body));
    this.#arriving.add(body);
  }

  #end(body: Body): void {
    const own = this.#arrivingOf.get(body.caller);
    if (own?.delete(body) === true && own.size === 0) this.#arrivingOf.delete(body.caller);
    this.#arriving.delete(body);
  }

  #fits(body: Body, bytes: number): boolean {
    const { capacity, bodyBytes } = this.#options;
    const { caller } = body;
    const [first] = this.#arriving;
    const [ofCaller] = this.#arrivingOf.get(caller) ?? [];
    const share = shareOf(capacity, bodyBytes);
    const free = capacity - this.#held.total - this.#keptFor(first, body);
    const own = share - this.#held.of(caller) - this.#keptFor(ofCaller, body);
    return bytes <= Math.min(free, own);
  }

  /** Returns the bytes that one body can still need, unless it is the one that asks. */
  #keptFor(first: Body | undefined, asking: Body): number {
    return first === undefined || first === asking ? 0 : this.#options.bodyBytes - first.held;
  }

  async #wait(body: Body, bytes: number): Promise<void> {
    const { waiting, patience, clock } = this.#options;
    const { caller } = body;
    if (this.#waiting.size >= waiting || this.#waitingOf.of(caller) >= shareOf(waiting)) {
      throw new MedsealError('OVERLOADED', {});
    }
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        cancel();
        this.#waiting.delete(place);
        this.#waitingOf.add(caller, -1);
      };
      const place: Waiting = {
        body,
        bytes,
        enter: () => {
          end();
          this.#add(body, bytes);
          resolve();
        },
      };
      const cancel = clock.after(patience, () => {
        end();
        reject(new MedsealError('OVERLOADED', {}));
      });
      this.#waiting.add(place);
      this.#waitingOf.add(caller, 1);
    });
  }

  #add(body: Body, bytes: number): void {
    body.held += bytes;
    this.#held.add(body.caller, bytes);
  }

  #admit(): void {
    for (const place of this.#waiting) if (this.#fits(place.body, place.bytes)) place.enter();
  }
}
