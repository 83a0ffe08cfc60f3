import { createHash } from 'node:crypto';
import type { Clock } from '../../src/protocol/Clock.ts';

/** Turns of the event loop in which nothing happened, after which nothing more will without an event. */
const STILL = 4;
/** The same, if something is held: it seems to need an event after all. */
const STUCK = 1000;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly run: () => void;
}

/**
 * The time of a simulation. Messages and timers are events; they run one after another in the order of their moments,
 * each after all that the one before caused has come to rest. So a run follows from its seed alone, and its trace
 * tells whether another run was the same.
 */
export class Scheduler {
  #now: number;
  #order = 0;
  #activity = 0;
  #held = 0;
  readonly #events = new Set<Event>();
  readonly #trace: string[] = [];

  /** @param begin - Milliseconds since 1970. */
  constructor(begin: number) {
    this.#now = begin;
  }

  get now(): number {
    return this.#now;
  }

  /** Trace of the run, a line for each event. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  /** SHA-256 of the trace, in hexadecimal. */
  traceHash(): string {
    return createHash('sha256').update(this.#trace.join('\n')).digest('hex');
  }

  /** Notes something in the trace. */
  note(what: string): void {
    this.#activity += 1;
    this.#trace.push(`${this.#now} ${what}`);
  }

  /**
   * Runs something later.
   * @param delay - Milliseconds.
   * @param what - Its name in the trace; nothing is noted if empty.
   * @returns Call it to cancel.
   */
  after(delay: number, what: string, run: () => void): () => void {
    this.#activity += 1;
    const event = { at: this.#now + delay, order: this.#order++, what, run };
    this.#events.add(event);
    return () => this.#events.delete(event);
  }

  /** Resolves after some simulated time. */
  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.after(milliseconds, '', resolve);
    });
  }

  /** Lets no event happen before something has ended that needs none, such as the making of a block. */
  async hold<Result>(work: Promise<Result>): Promise<Result> {
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
      this.#activity += 1;
    }
  }

  /**
   * Returns a clock for one host in the simulation.
   * @param skew - Milliseconds that it is ahead, at the time of the call.
   * @param alive - True if timers still run.
   */
  clock(skew: () => number = () => 0, alive: () => boolean = () => true): Clock {
    return {
      now: () => this.#now + skew(),
      after: (milliseconds, run) =>
        this.after(milliseconds, '', () => {
          if (alive()) run();
        }),
    };
  }

  /** Lets events happen until something is done. @throws Error if nothing is left that could do it. */
  async until<Result>(done: Promise<Result>): Promise<Result> {
    let ended = false;
    const settled = () => (ended = true);
    done.then(settled, settled);
    for (;;) {
      await this.#rest();
      if (ended) return await done;
      const next = this.#next();
      if (next === undefined) throw new Error('the simulation stands still');
      this.#events.delete(next);
      this.#now = Math.max(this.#now, next.at);
      if (next.what !== '') this.note(next.what);
      this.#activity += 1;
      next.run();
    }
  }

  #next(): Event | undefined {
    let first: Event | undefined;
    for (const event of this.#events) {
      const sooner =
        first === undefined ||
        event.at < first.at ||
        (event.at === first.at && event.order < first.order);
      if (sooner) first = event;
    }
    return first;
  }

  /** Waits until what the last event caused has ended; nothing in a simulation leaves this thread. */
  async #rest(): Promise<void> {
    for (let still = 0; still < (this.#held > 0 ? STUCK : STILL); still++) {
      const before = this.#activity;
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      if (this.#activity !== before) still = -1;
    }
  }
}
