import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PairingPool } from '../client/pairing/PairingPool.ts';
import { pairingIn } from '../client/pairing/pairingIn.ts';
import type { MessageEnd } from '../client/pairing/PairingCalls.ts';
import { loadMclPairing } from '../crypto/threshold/loadMclPairing.ts';
import type { LoadAsyncPairing } from '../crypto/threshold/PairingPort.ts';

/** More do not pay: the main thread takes longer for the rest of a record. */
const MOST_THREADS = 4;
/** Least number of records that are worth the start of threads, which takes as long as some 30 pairings in each. */
const WORTH = 64;
const PROGRAM = new URL(`pairingThread${extname(import.meta.url)}`, import.meta.url);

/** Options of `PairingThreads`. */
export interface PairingThreadsOptions {
  /** Number of threads; as many as there are cores if absent, at most four. With one, everything is computed here. */
  readonly threads?: number;
  /** Program of a thread; that of pairings if absent. */
  readonly program?: URL;
}

/**
 * Threads that compute the pairings of a long chart, so that it opens on several cores. They start with the first chart that
 * is long enough, and stay for the next; until they have started, and for few records, this thread computes. A thread that
 * fails is not replaced. Threads with nothing to do do not keep the process running. Parties of a keystore
 * (`openKeystoreParty`) have them already.
 *
 * @example
 * ```ts
 * const { load: loadPairing } = new PairingThreads();
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...(await machinePorts()), ...at, seed, loadPairing });
 * ```
 */
export class PairingThreads {
  readonly #most: number;
  readonly #program: URL;
  readonly #pool = new PairingPool(loadMclPairing);
  readonly #workers = new Set<Worker>();
  #starting: Promise<unknown> | undefined;

  /** @param options - Number and program of the threads. */
  constructor({ threads, program = PROGRAM }: PairingThreadsOptions = {}) {
    this.#most = Math.min(MOST_THREADS, threads ?? availableParallelism());
    this.#program = program;
  }

  /** Number of threads at present. */
  get running(): number {
    return this.#workers.size;
  }

  /** Gives arithmetic for so many records, as a port of `openParty`. */
  readonly load: LoadAsyncPairing = async (records = 1) => {
    if (records < WORTH || this.#most < 2) return await loadMclPairing();
    this.#starting ??= Promise.all(
      Array.from({ length: this.#most }, async () => await this.#start()),
    );
    return this.#pool.pairing;
  };

  /** Resolves once the threads that were begun have started, or failed to. */
  async started(): Promise<void> {
    await this.#starting;
  }

  /** Ends the threads; this thread computes what is left, and what comes after. */
  async close(): Promise<void> {
    this.#starting ??= Promise.resolve();
    await Promise.all([...this.#workers].map(async (worker) => await worker.terminate()));
    await this.#starting;
  }

  async #start(): Promise<void> {
    // Without this process's own arguments: a program among them would run again.
    const worker = new Worker(this.#program, { execArgv: [] });
    this.#workers.add(worker);
    worker.on('exit', () => this.#workers.delete(worker));
    const end = (): void => void worker.terminate();
    try {
      this.#pool.add(await pairingIn(endOf(worker)), end);
    } catch {
      end();
    }
  }
}

/** A worker as an end of messages; it keeps the process running only while it has something to do. */
function endOf(worker: Worker): MessageEnd {
  let calls = 0;
  worker.unref();
  worker.on('message', () => {
    calls -= 1;
    if (calls === 0) worker.unref();
  });
  return {
    postMessage(message) {
      calls += 1;
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage(message);
    },
    addEventListener(type, listener) {
      if (type === 'message') {
        worker.on('message', (data: unknown) => listener({ data }));
        return;
      }
      worker.on('error', (cause) => listener({ data: cause }));
      // It may end without an error, such as when it is terminated.
      worker.on('exit', () => listener({}));
    },
  };
}
