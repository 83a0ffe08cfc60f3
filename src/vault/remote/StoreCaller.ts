import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';

/** A request to a store. */
export interface StoreRequest {
  /** Its purpose, for the operator: `PUT of a part`. */
  readonly what: string;
  /** Makes the request for each try: a signature has its time. */
  readonly make: () => Promise<{ readonly url: URL; readonly init: RequestInit }>;
  /** Statuses that are an answer, besides 200 to 299. */
  readonly answers?: readonly number[];
  /** True if it cannot be sent twice, as a body that is a stream. */
  readonly once?: boolean;
  /** Ends the request, such as when a stream for it failed. */
  readonly signal?: AbortSignal;
}

/** Options of a `StoreCaller`. */
export interface StoreCallerOptions {
  /** The store's address, for the operator; without secrets. */
  readonly place: string;
  readonly clock: Pick<Clock, 'after'>;
  /** Milliseconds for an answer, and for each piece of one; 30,000 unless given. */
  readonly patience?: number;
}

/** A stream that is a request's body. */
export interface WatchedBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted once the server was silent for too long. */
  readonly signal: AbortSignal;
  /** Ends the watch, once the answer is there. */
  answered(): void;
}

/** Milliseconds before each further try. */
const PAUSES = [200, 800, 3200];
/** Statuses for which a further try can help. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Bytes of a text that are read, and of an error's. */
const [MOST_TEXT, MOST_SAID] = [32 * 1024 * 1024, 64 * 1024];
/** Words of servers that have no room. */
const FULL = /\b(?:507|InsufficientStorage|QuotaExceeded|StorageFull|no space left|disk quota)/i;

/**
 * Calls a server that keeps sealed files, over HTTP. A failure that may pass is tried again; one that stays is
 * `STORAGE_FULL` or `STORAGE_FAILED`, whose cause tells the operator what the server said.
 */
export class StoreCaller {
  readonly place: string;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #patience: number;

  constructor({ place, clock, patience = 30_000 }: StoreCallerOptions) {
    this.place = place;
    this.#clock = clock;
    this.#patience = patience;
  }

  /**
   * Sends a request and returns the answer, whose body is to be read or cancelled.
   * @param request - The request.
   * @throws MedsealError `STORAGE_FULL`, `STORAGE_FAILED`.
   */
  async ask(request: StoreRequest): Promise<Response> {
    const pauses = request.once === true ? [] : PAUSES;
    for (let tried = 0; ; tried++) {
      const outcome = await this.#try(request);
      // The HTTP server of a node replaces the global class `Response`, and an answer is not one of the new class.
      if (!('passes' in outcome)) return outcome;
      const wait = pauses[tried];
      if (!outcome.passes || wait === undefined) throw outcome.error;
      await this.#pause(wait);
    }
  }

  /**
   * The text of an answer.
   * @param response - The answer.
   * @param most - Bytes over which it is refused; 32 MiB unless given.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  async text(response: Response, most = MOST_TEXT): Promise<string> {
    const decoder = new TextDecoder();
    let [text, length] = ['', 0];
    for await (const piece of this.pieces(response)) {
      length += piece.length;
      if (length > most) throw this.failure('an answer has no end');
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  }

  /**
   * Streams the body of an answer; a server that is silent for too long fails.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  async *pieces(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
    if (response.body === null) return;
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await this.#within(async () => await reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  /**
   * Watches a stream that is a request's body: a server that takes no piece in time, or does not answer in time after the
   * last one, ends the request.
   * @param content - The stream.
   */
  upload(content: AsyncIterable<Uint8Array>): WatchedBody {
    const ends = new AbortController();
    let cancel: (() => void) | undefined;
    const wait = (): void => {
      cancel?.();
      cancel = this.#clock.after(this.#patience, () => ends.abort());
    };
    async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of content) {
        wait();
        yield piece;
        cancel?.();
      }
      wait();
    }
    return { body: pieces(), signal: ends.signal, answered: () => cancel?.() };
  }

  /**
   * Makes the error of a failure for the users of the store.
   * @param what - Words of the server, or about its silence.
   * @param cause - Error that it came with.
   * @returns `STORAGE_FULL` or `STORAGE_FAILED`; its cause tells the operator.
   */
  failure(what: string, cause?: unknown): MedsealError {
    const code = FULL.test(what) ? 'STORAGE_FULL' : 'STORAGE_FAILED';
    return new MedsealError(code, {}, { cause: new Error(`${this.place}: ${what}`, { cause }) });
  }

  async #try(
    request: StoreRequest,
  ): Promise<Response | { readonly passes: boolean; readonly error: MedsealError }> {
    const { what, answers = [], signal } = request;
    let response: Response;
    try {
      const { url, init } = await request.make();
      const send = async (ends?: AbortSignal): Promise<Response> => {
        const signals = [ends, signal].filter((each) => each !== undefined);
        return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any(signals) });
      };
      // A stream's own pieces are watched instead.
      response = await (request.once === true ? send() : this.#bounded(send));
    } catch (cause) {
      return { passes: true, error: this.failure(`${what}: no answer`, cause) };
    }
    if (response.ok || answers.includes(response.status)) return response;
    const said = await this.text(response, MOST_SAID).catch(() => '');
    const error = this.failure(`${what}: ${response.status} ${summaryOf(said)}`);
    const passes = PASSING.has(response.status) && error.code !== 'STORAGE_FULL';
    return { passes, error };
  }

  async #within<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#bounded(work);
    } catch (cause) {
      throw this.failure('an answer was cut off', cause);
    }
  }

  /** Fails if the work takes longer than the patience; the signal ends it then. */
  async #bounded<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const ends = new AbortController();
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(this.#patience, () => {
        ends.abort();
        reject(new Error(`silent for ${this.#patience} ms`));
      });
    });
    try {
      return await Promise.race([work(ends.signal), late]);
    } finally {
      cancel?.();
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => void this.#clock.after(milliseconds, resolve));
  }
}

/** The code that an S3 server gives, or the beginning of what it said. */
function summaryOf(said: string): string {
  const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(said)?.[1];
  return code ?? said.replaceAll(/\s+/g, ' ').slice(0, 200);
}
