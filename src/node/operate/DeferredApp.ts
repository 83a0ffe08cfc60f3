import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerProblem } from '../http/answerProblem.ts';
import type { Drain } from './Drain.ts';

/** A door that is there before what answers behind it: until then it says when to come again. */
export class DeferredApp {
  readonly app = new Hono();
  #inner: Hono | undefined;

  /** @param drain - Counts what is under way, and turns away what comes once the process ends. */
  constructor(drain: Drain) {
    this.app.use(drain.middleware());
    this.app.all('*', async (c) => {
      if (this.#inner !== undefined) return await this.#inner.fetch(c.req.raw, c.env);
      const answer = answerProblem(new MedsealError('CLOSED', { what: 'node' }));
      answer.headers.set('retry-after', '1');
      return answer;
    });
  }

  /** Has everything answered by an app from now on. */
  open(inner: Hono): void {
    this.#inner = inner;
  }
}
