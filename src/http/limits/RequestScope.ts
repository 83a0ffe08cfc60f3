import type { Context } from 'hono';
import { answerFor, type AnswerWork } from '../callers/callerNow.ts';
import { callerOf } from '../callers/identifyCaller.ts';

/** Values that the server of Node gives with a request; absent if an app is called without a server. */
interface Bindings {
  readonly outgoing?: {
    readonly closed?: boolean;
    once(event: 'close', run: () => void): unknown;
  };
}

/** Resources that a request holds, until its answer is sent or its caller is gone. */
export class RequestScope {
  /** Address by which its limits are counted. */
  caller: string;
  readonly #releases: (() => void)[] = [];
  #ended = false;

  /** @param caller - Address by which its limits are counted. */
  constructor(caller: string) {
    this.caller = caller;
  }

  /** Holds a resource until the request ends; it is released at once if the request has ended. */
  hold(release: () => void): void {
    if (this.#ended) release();
    else this.#releases.push(release);
  }

  /** Releases everything; safe to repeat. */
  readonly end = (): void => {
    this.#ended = true;
    for (const release of this.#releases.splice(0)) release();
  };
}

/**
 * Runs the answering of a request in a scope of its own.
 *
 * @param c - The request.
 * @param answer - Answers it; its resources are released when the last byte of the answer is sent. It is given what is
 * measured of the processor time.
 */
export async function visiting(
  c: Context,
  answer: (scope: RequestScope, work: AnswerWork) => Promise<Response>,
): Promise<Response> {
  const scope = new RequestScope(callerOf(c));
  const { outgoing } = (c.env ?? {}) as Bindings;
  if (outgoing?.closed === true) scope.end();
  outgoing?.once('close', scope.end);
  try {
    return await answerFor(scope.caller, async (work) => await answer(scope, work));
  } finally {
    if (outgoing === undefined) scope.end();
  }
}
