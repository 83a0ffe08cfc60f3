import { setImmediate } from 'node:timers/promises';
import type { Primitives } from '../crypto/Primitives.ts';

/** Signatures that are verified, at least, before others have their turn: less than a millisecond's work. */
const MOST = 8;

/**
 * Lets others have their turn while an organisation verifies many signatures, whoever sent them and with however many
 * requests: what is verified between two turns of the event loop is one small number and one piece of work at most.
 */
export class Turns {
  #verified = 0;
  #turn: Promise<void> | undefined;

  /**
   * Returns primitives that count the signatures which they verify.
   * @param primitives - Those that do it.
   */
  counted(primitives: Primitives): Primitives {
    const recover: Primitives['recover'] = (digest, signature) => {
      this.#verified += 1;
      return primitives.recover(digest, signature);
    };
    return { ...primitives, recover };
  }

  /**
   * Does a piece of work that verifies a few signatures at most, once fewer than 8 were verified in this turn.
   * @param work - One item of a list.
   * @throws Any error of the work.
   */
  async run<Result>(work: () => Result): Promise<Result> {
    while (this.#verified >= MOST) await (this.#turn ??= this.#next());
    return work();
  }

  async #next(): Promise<void> {
    await setImmediate();
    this.#verified = 0;
    this.#turn = undefined;
  }
}
