import { extname } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { TokenAnswer, TokenQuestion, TokenThreadData } from './tokenMessages.ts';

const PROGRAM = new URL(`askingThread${extname(import.meta.url)}`, import.meta.url);
/** Milliseconds beyond the patience of the thread that the main thread waits, should the thread itself not run. */
const MARGIN = 2000;

/** A question without its number. */
type Asked = Omit<TokenQuestion, 'id'>;

/**
 * Asks a token by another thread, with or without waiting in this one: what signs does so in one step, as with a key in memory, so
 * that nothing comes between what a service looked up and its signature.
 */
export class TokenThread {
  readonly #settings: Omit<TokenThreadData, 'answered'>;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));
  readonly #channel = new MessageChannel();
  readonly #waiting = new Map<number, (answer: TokenAnswer) => void>();
  #worker: Worker | undefined;
  #questions = 0;

  /** @param settings - Token and helper. */
  constructor(settings: Omit<TokenThreadData, 'answered'>) {
    this.#settings = settings;
    this.#channel.port1.on('message', (answer: TokenAnswer) => this.#take(answer));
    this.#channel.port1.unref();
  }

  /** Asks, and holds this thread up until the answer is there. */
  askNow(asked: Asked): TokenAnswer {
    const id = this.#post(asked);
    let answer: TokenAnswer | undefined;
    this.#waiting.set(id, (given) => (answer = given));
    const latest = performance.now() + this.#settings.patience + MARGIN;
    for (;;) {
      const seen = Atomics.load(this.#answered, 0);
      for (;;) {
        const received = receiveMessageOnPort(this.#channel.port1);
        if (received === undefined) break;
        this.#take(received.message as TokenAnswer);
      }
      if (answer !== undefined) return answer;
      const left = latest - performance.now();
      if (left <= 0 || Atomics.wait(this.#answered, 0, seen, left) === 'timed-out') {
        this.#waiting.delete(id);
        return { id, code: 'silent', reason: 'it did not answer in time' };
      }
    }
  }

  /** Asks. */
  async ask(asked: Asked): Promise<TokenAnswer> {
    return await new Promise((resolve) => {
      const id = this.#post(asked);
      this.#channel.port1.ref();
      this.#waiting.set(id, resolve);
    });
  }

  /** Ends the thread, and the helper with it. */
  async close(): Promise<void> {
    this.#channel.port1.close();
    await this.#worker?.terminate();
    this.#fail('it was closed');
  }

  #post(asked: Asked): number {
    this.#worker ??= this.#start();
    const id = (this.#questions += 1);
    this.#worker.postMessage({ ...asked, id } satisfies TokenQuestion, []);
    return id;
  }

  #take(answer: TokenAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#channel.port1.unref();
  }

  #start(): Worker {
    const port = this.#channel.port2;
    const workerData = { ...this.#settings, answered: this.#answered.buffer, port };
    const worker = new Worker(PROGRAM, { workerData, transferList: [port], execArgv: [] });
    worker.unref();
    worker.on('error', (error) => this.#fail(error.message));
    return worker;
  }

  #fail(reason: string): void {
    for (const [id, give] of this.#waiting) give({ id, code: 'absent', reason });
    this.#waiting.clear();
  }
}
