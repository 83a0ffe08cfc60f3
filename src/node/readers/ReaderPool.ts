import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EntryBody } from '../../protocol/evidence/evidence.ts';
import type {
  EvidenceReader,
  InTurn,
  ReadBody,
  ReadSignature,
} from '../../protocol/evidence/EvidenceReader.ts';
import { createEvidenceReader } from '../../protocol/evidence/readEvidence.ts';
import type { AuthorityFile, SigningContext } from '../../protocol/struct/signing.ts';
import {
  decodeFound,
  packTexts,
  unpackTexts,
  type FoundFrame,
  type FoundText,
  type Job,
} from './frames.ts';

/** Least number of texts that is worth the way to another thread and back. */
const SHARED = 8;
/** Number of texts that take about as long to read as a thread takes to start. */
const WORTH_A_START = 1024;
/** Number of texts that go to a thread at once, so that several work on a large array. */
const PORTION = 128;
/** Number of failed threads after which no other is started. */
const MOST_FAULTS = 3;
/** More do not pay: the main thread takes longer to enter texts than one thread takes to verify them. */
const MOST_THREADS = 3;
const PROGRAM = new URL(`readerThread${extname(import.meta.url)}`, import.meta.url);

/** Options of `ReaderPool`. */
export interface ReaderPoolOptions {
  /** Number of threads; as many as there are cores besides this thread's if absent, at most three. */
  readonly threads?: number;
  /** Number of texts that are read here before the first thread starts; as many as its start is worth if absent. */
  readonly readFirst?: number;
  /** Called if a thread failed; its work is done here. */
  readonly onFailure: (error: unknown) => void;
  /** Program of a thread; the reader's if absent. */
  readonly program?: URL;
}

interface Thread {
  readonly worker: Worker;
  /** Receivers of its answers, by number of the job; called with undefined if there will be no answer. */
  readonly answers: Map<number, (found: readonly FoundText[] | undefined) => void>;
}

/** A text with its UTF-8 and what a thread found, as far as one was asked. */
interface SharedText {
  readonly bytes?: Uint8Array;
  readonly found?: FoundText;
}

/**
 * Threads that read evidence, so that signatures are verified on other cores than the one that everything else runs
 * on. Nothing found for one reader is given to another. Threads start once as much was read here as a start is worth, so
 * that a small folder is examined without them, and do not keep the process running while there is nothing to do.
 */
export class ReaderPool {
  readonly #size: number;
  readonly #options: ReaderPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #ending = new Set<Promise<unknown>>();
  #jobs = 0;
  #faults = 0;
  /** Number of texts that are still read here before the first thread starts. */
  #readFirst: number;
  #closed = false;

  /** @param options - Number and program of the threads. */
  constructor(options: ReaderPoolOptions) {
    this.#options = options;
    this.#readFirst = options.readFirst ?? WORTH_A_START;
    this.#size = options.threads ?? Math.min(MOST_THREADS, availableParallelism() - 1);
  }

  /** Number of threads at present. */
  get running(): number {
    return this.#threads.size;
  }

  /**
   * Returns a reader that gives its work to threads. It does short arrays, the first ones, and what no thread could do,
   * itself.
   *
   * @param context - Domain and primitives.
   * @param inTurn - Does what it does itself, item by item; at once unless given.
   */
  reader(context: SigningContext, inTurn?: InTurn): EvidenceReader {
    const own = createEvidenceReader(context, inTurn);
    return {
      requests: async (requests) => {
        const texts = requests.map((request) => JSON.stringify(request));
        const shared = await this.#share(context, 'requests', texts);
        const rest = requests.filter((_, place) => shared[place]?.found?.signature === undefined);
        const read = (await own.requests(rest)).values();
        return requests.map(
          (_, place) => shared[place]?.found?.signature ?? (read.next().value as ReadSignature),
        );
      },
      bodies: async (texts) => {
        const shared = await this.#share(context, 'bodies', texts);
        // A thread found them malformed; the reason is found here.
        const rest = texts.filter((_, place) => shared[place]?.found === undefined);
        const read = (await own.bodies(rest)).values();
        return texts.map((text, place) => {
          const { bytes, found } = shared[place] ?? {};
          if (bytes === undefined || found === undefined) return read.next().value as ReadBody;
          return { body: JSON.parse(text) as EntryBody, bytes, ...found };
        });
      },
    };
  }

  /** Ends the threads; the readers do what is left of their work themselves. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map(async ({ worker }) => await worker.terminate()));
    await Promise.all(this.#ending);
  }

  async #share(
    { domain, network }: SigningContext,
    kind: Job['kind'],
    texts: readonly string[],
  ): Promise<readonly SharedText[]> {
    if (texts.length >= SHARED && this.#readFirst > 0) {
      this.#readFirst -= texts.length;
      return [];
    }
    const authorities = network && { network: authoritiesIn(network) };
    const portions: Promise<readonly SharedText[]>[] = [];
    for (let from = 0; texts.length - from >= SHARED; from += PORTION) {
      const portion = texts.slice(from, from + PORTION);
      // A text that is not well-formed would be another one after decoding.
      if (!portion.every((text) => text.isWellFormed())) return [];
      const packed = packTexts(portion);
      const asked = this.#ask({ id: (this.#jobs += 1), domain, ...authorities, kind, ...packed });
      portions.push(
        asked.then((found) =>
          unpackTexts(packed).map((bytes, place) => ({ bytes, found: found?.[place] })),
        ),
      );
    }
    return (await Promise.all(portions)).flat();
  }

  /** Gives a job to the thread with the least to do; undefined if no thread does it. */
  async #ask(job: Job): Promise<readonly FoundText[] | undefined> {
    const thread = this.#thread();
    if (thread === undefined) return undefined;
    const { worker, answers } = thread;
    return await new Promise((resolve) => {
      worker.ref();
      answers.set(job.id, resolve);
      // Copied, not transferred: the caller uses the bytes.
      worker.postMessage(job, []);
    });
  }

  #thread(): Thread | undefined {
    if (this.#closed) return undefined;
    const [idlest] = [...this.#threads].toSorted((a, b) => a.answers.size - b.answers.size);
    if (idlest?.answers.size === 0) return idlest;
    const more = this.#threads.size < this.#size && this.#faults < MOST_FAULTS;
    return more ? this.#start() : idlest;
  }

  #start(): Thread {
    // Without this process's own arguments: a program among them would run again.
    const worker = new Worker(this.#options.program ?? PROGRAM, { execArgv: [] });
    const thread: Thread = { worker, answers: new Map() };
    let failure: unknown;
    worker.unref();
    worker.on('message', ({ id, frames }: FoundFrame) => {
      const answer = thread.answers.get(id);
      thread.answers.delete(id);
      if (thread.answers.size === 0) worker.unref();
      answer?.(decodeFound(frames));
    });
    worker.on('error', (error) => (failure = error));
    const ending = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        this.#threads.delete(thread);
        this.#ending.delete(ending);
        if (!this.#closed) {
          this.#faults += 1;
          this.#options.onFailure(failure ?? new Error('a reader thread ended'));
        }
        for (const answer of thread.answers.values()) answer(undefined);
        resolve();
      });
    });
    this.#ending.add(ending);
    this.#threads.add(thread);
    return thread;
  }
}

/** The part of a network file that a thread verifies recovered keys by, without the rest of it. */
function authoritiesIn({ authority, before = [] }: AuthorityFile): AuthorityFile {
  return {
    authority,
    before: before.map(({ until, authority: former }) => {
      return { until, ...(former && { authority: former }) };
    }),
  };
}
