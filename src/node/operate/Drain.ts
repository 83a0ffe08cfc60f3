import type { MiddlewareHandler } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { answerProblem } from '../../http/answerProblem.ts';

/** Values that the server of Node gives with a request; absent if an app is called without a server. */
interface Bindings {
  readonly outgoing?: { once(event: 'close', run: () => void): unknown };
}

/** Lets the requests of a process end before the process does: it turns away new ones, to be sent again later. */
export class Drain {
  readonly #clock: Clock;
  #running = 0;
  #draining = false;
  #idle: (() => void) | undefined;

  /** @param clock - Measures the wait. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of requests under way. */
  get running(): number {
    return this.#running;
  }

  /** Counts requests until the last byte of their answers is sent, and turns away those that come too late. */
  middleware(): MiddlewareHandler {
    return async (c, next) => {
      if (this.#draining) {
        const answer = answerProblem(new MedsealError('CLOSED', { what: 'node' }));
        answer.headers.set('retry-after', '5');
        answer.headers.set('connection', 'close');
        c.res = answer;
        return;
      }
      const { outgoing } = (c.env ?? {}) as Bindings;
      const leave = this.#enter();
      outgoing?.once('close', leave);
      try {
        await next();
      } finally {
        if (outgoing === undefined) leave();
      }
    };
  }

  /**
   * Turns away new requests from now on, and waits for those under way.
   *
   * @param milliseconds - The longest wait.
   * @returns True if all of them ended in that time.
   */
  async end(milliseconds: number): Promise<boolean> {
    this.#draining = true;
    return await this.idle(milliseconds);
  }

  /**
   * Waits for a moment without a request under way.
   *
   * @param milliseconds - The longest wait.
   * @returns True if there was one in that time.
   */
  async idle(milliseconds: number): Promise<boolean> {
    if (this.#running === 0) return true;
    return await new Promise<boolean>((resolve) => {
      const cancel = this.#clock.after(milliseconds, () => resolve(false));
      this.#idle = () => {
        cancel();
        resolve(true);
      };
    });
  }

  #enter(): () => void {
    this.#running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    };
  }
}
