import type { Context } from 'hono';
import { callerOf } from '../callers/identifyCaller.ts';

/** What the server of Node gives with a request; absent where an app is called without one. */
interface Bindings {
  readonly outgoing?: {
    readonly closed?: boolean;
    once(event: 'close', run: () => void): unknown;
  };
}

/** What a request holds of a door, until its answer has gone or its caller has. */
export class Visit {
  /** By whom its limits are counted. */
  caller: string;
  readonly #releases: (() => void)[] = [];
  #ended = false;

  /** @param caller - By whom its limits are counted. */
  constructor(caller: string) {
    this.caller = caller;
  }

  /** Holds something until the visit ends; it is let go at once where it has ended. */
  hold(release: () => void): void {
    if (this.#ended) release();
    else this.#releases.push(release);
  }

  /** Lets go of everything. Safe to repeat. */
  readonly end = (): void => {
    this.#ended = true;
    for (const release of this.#releases.splice(0)) release();
  };
}

/**
 * Runs the answering of a request as a visit.
 *
 * @param c - The request.
 * @param answer - Answers; what it holds of the door is let go of when the last byte of the answer has gone.
 */
export async function visiting(
  c: Context,
  answer: (visit: Visit) => Promise<Response>,
): Promise<Response> {
  const visit = new Visit(callerOf(c));
  const { outgoing } = (c.env ?? {}) as Bindings;
  if (outgoing?.closed === true) visit.end();
  outgoing?.once('close', visit.end);
  try {
    return await answer(visit);
  } finally {
    if (outgoing === undefined) visit.end();
  }
}
