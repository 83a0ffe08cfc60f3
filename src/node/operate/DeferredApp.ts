import { Hono } from 'hono';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answerProblem } from '../../http/answerProblem.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Drain } from './Drain.ts';

/** Bounds of the requests that wait while an app changes. */
export interface Holding {
  readonly clock: Clock;
  /** Milliseconds for which a request waits at most. */
  readonly patience: number;
  /** The most requests that wait at a time; further ones are told when to try again. */
  readonly most: number;
}

/**
 * Server that listens before the app that it serves is ready, and while it changes. Until the app is there for the first time
 * it tells callers when to try again; while it changes, callers wait, if there is a holding.
 */
export class DeferredApp {
  readonly app = new Hono();
  readonly #holding: Holding | undefined;
  /** Ends of the waits, of the requests that wait now. */
  readonly #held = new Set<() => void>();
  #inner: Hono | undefined;
  #isChanging = false;
  #isEnded = false;

  /**
   * @param drain - Counts requests under way, but not those that wait, and turns away new ones once the process ends.
   * @param mayAnswer - Asked before a request goes to the app and again before its answer goes out: a process that stood
   * still while another one took over must not say what it knew before.
   * @param holding - Bounds of those that wait; nobody does if absent.
   */
  constructor(drain: Drain, mayAnswer: () => boolean, holding?: Holding) {
    this.#holding = holding;
    this.app.use(async (c, next) => {
      if (this.#isChanging) await this.#opened(c.req.raw.signal);
      await next();
    });
    this.app.use(drain.middleware());
    this.app.all('*', async (c) => {
      if (this.#inner !== undefined && mayAnswer()) {
        const answer = await this.#inner.fetch(c.req.raw, c.env);
        if (mayAnswer()) return answer;
        await answer.body?.cancel();
      }
      const later = answerProblem(new MedsealError('CLOSED', { what: 'node' }));
      later.headers.set('retry-after', '1');
      return later;
    });
  }

  /**
   * Lets an app answer everything from now on, those that waited first.
   *
   * @param inner - The app.
   * @param isWorthwhile - Resolves once those that wait may go on; they do at once if absent.
   */
  open(inner: Hono, isWorthwhile?: () => Promise<void>): void {
    this.#inner = inner;
    if (!this.#isChanging || isWorthwhile === undefined) this.#letGo();
    else {
      const go = (): void => {
        // It may have been closed again meanwhile.
        if (this.#inner === inner) this.#letGo();
      };
      isWorthwhile().then(go, go);
    }
  }

  /**
   * Has callers wait although the app is there, because it is about to change; those under way go on.
   *
   * @param milliseconds - The longest wait, if it does not change.
   */
  hold(milliseconds: number): void {
    const { clock } = this.#holding ?? {};
    const inner = this.#inner;
    if (clock === undefined || inner === undefined || this.#isChanging || this.#isEnded) return;
    this.#isChanging = true;
    clock.after(milliseconds, () => {
      if (this.#inner === inner) this.#letGo();
    });
  }

  /** Answers nothing until it is opened again; callers wait for that, within the bounds. */
  close(): void {
    this.#isChanging ||= this.#inner !== undefined && !this.#isEnded;
    this.#inner = undefined;
  }

  /** Lets nobody wait from now on. */
  end(): void {
    this.#isEnded = true;
    this.#letGo();
  }

  #letGo(): void {
    this.#isChanging = false;
    for (const go of this.#held) go();
  }

  /** Resolves once an app is there, nobody may wait any longer, the wait is too long, or the caller has gone. */
  async #opened(gone: AbortSignal): Promise<void> {
    const holding = this.#holding;
    if (holding === undefined || this.#held.size >= holding.most || gone.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.add(resolve);
    const cancel = holding.clock.after(holding.patience, resolve);
    gone.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    cancel();
    this.#held.delete(resolve);
  }
}
