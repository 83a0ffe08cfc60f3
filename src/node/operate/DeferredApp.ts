import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerProblem } from '../../http/answerProblem.ts';
import type { Drain } from './Drain.ts';

/**
 * Server that listens before the app that it serves is ready, and while it changes: until it is there it tells callers when
 * to try again.
 */
export class DeferredApp {
  readonly app = new Hono();
  #inner: Hono | undefined;

  /** @param drain - Counts requests under way, and turns away new ones once the process ends. */
  constructor(drain: Drain) {
    this.app.use(drain.middleware());
    this.app.all('*', async (c) => {
      if (this.#inner !== undefined) return await this.#inner.fetch(c.req.raw, c.env);
      const answer = answerProblem(new MedsealError('CLOSED', { what: 'node' }));
      answer.headers.set('retry-after', '1');
      return answer;
    });
  }

  /** Lets an app answer everything from now on. */
  open(inner: Hono): void {
    this.#inner = inner;
  }

  /** Answers no more than when to try again, until it is opened again. */
  close(): void {
    this.#inner = undefined;
  }
}
