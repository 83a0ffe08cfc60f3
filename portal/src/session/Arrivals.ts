import type { InboxNews } from '../../../src/client/index.ts';

/** News that letters brought. */
export interface Arrived {
  readonly news: InboxNews;
  /** True if no screen took them, but the page by itself: no screen shows them. */
  readonly isAside: boolean;
  /** True if they waited before the person came. */
  readonly isFirst: boolean;
}

/**
 * Passes on the news of a session, whichever screen took the letters. News from before anybody listens waits for the
 * listener.
 */
export class Arrivals {
  readonly #unheard: Arrived[] = [];
  #hear: ((arrived: Arrived) => void) | undefined;
  #isFirst = true;

  /**
   * Tells what letters brought.
   *
   * @param news - Content of the letters that were just taken.
   * @param isAside - True if no screen took them.
   */
  tell(news: InboxNews, isAside: boolean): void {
    const arrived = { news, isAside, isFirst: this.#isFirst };
    this.#isFirst = false;
    if (this.#hear === undefined) this.#unheard.push(arrived);
    else this.#hear(arrived);
  }

  /**
   * Hears what letters bring, and what they brought before.
   *
   * @param hear - Takes it.
   * @returns Function that ends it.
   */
  listen(hear: (arrived: Arrived) => void): () => void {
    this.#hear = hear;
    for (const arrived of this.#unheard.splice(0)) hear(arrived);
    return () => {
      if (this.#hear === hear) this.#hear = undefined;
    };
  }
}
