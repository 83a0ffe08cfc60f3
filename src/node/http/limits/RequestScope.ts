import type { Context } from 'hono';
import { callerOf } from '../callers/identifyCaller.ts';

/** What the server of Node gives with a request; absent if an app is called without one. */
interface Bindings {
  readonly outgoing?: {
    readonly closed?: boolean;
    once(event: 'close', run: () => void): unknown;
  };
}

/** What a request holds of a door, until its answer has gone or its caller has. */
export class RequestScope {
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
  answer: (scope: RequestScope) => Promise<Response>,
): Promise<Response> {
  const scope = new RequestScope(callerOf(c));
  const { outgoing } = (c.env ?? {}) as Bindings;
  if (outgoing?.closed === true) scope.end();
  outgoing?.once('close', scope.end);
  try {
    return await answer(scope);
  } finally {
    if (outgoing === undefined) scope.end();
  }
}
