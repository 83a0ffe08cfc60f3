import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { CheckpointRequest, CoordinatorPort } from '../ports.ts';
import { presentEntries } from '../entries/presentEntries.ts';

/** A coordinator that keeps places of entries. */
export type PlaceKeeper = Pick<CoordinatorPort, 'knownSize' | 'show'>;

/** Options of `PlaceWitnesses`. */
export interface PlaceWitnessesOptions {
  readonly log: Pick<EvidenceLog, 'identity' | 'size' | 'stored' | 'root'>;
  /** Coordinators of other organisations, one of each; not trusted. */
  readonly others: readonly PlaceKeeper[];
  /** Number of them that must know a place before anybody is told of it. */
  readonly needed: number;
  /** Signs the checkpoint of a size and root with the log's key. */
  readonly note: (edge: { readonly size: number; readonly root: `0x${string}` }) => Promise<string>;
}

/** Another organisation's coordinator, and what it knows of the log. */
interface Keeper {
  readonly port: PlaceKeeper;
  /**
   * Number of entries of the log that it said it knew when they were last presented; undefined if it has to be asked.
   */
  known?: number;
  running: boolean;
}

/** Somebody who waits until enough know the places up to a size. */
interface Waiting {
  readonly size: number;
  /** Those from which no more is to be expected. */
  readonly failed: Set<Keeper>;
  readonly settle: PromiseWithResolvers<void>;
}

/**
 * Has coordinators of other organisations keep the place of each entry in the log before it is acknowledged: a
 * coordinator that judged a body does not know its place. So a log that is lost with its disk comes back as it was
 * acknowledged. Entries are presented to each coordinator at its own pace, all that came meanwhile at once; nobody
 * waits for the slowest.
 */
export class PlaceWitnesses {
  readonly #options: PlaceWitnessesOptions;
  readonly #keepers: readonly Keeper[];
  readonly #waiting = new Set<Waiting>();
  /** The newest presentation, for coordinators to which the same goes. */
  #shown: { readonly key: string; readonly request: Promise<CheckpointRequest> } | undefined;

  /** @param options - The log, and who keeps its places. */
  constructor(options: PlaceWitnessesOptions) {
    this.#options = options;
    this.#keepers = options.others.map((port) => ({ port, running: false }));
  }

  /**
   * Resolves once enough organisations know the places of the log's first `size` entries.
   * @param size - Up to that of the log.
   * @throws MedsealError `VERDICTS_MISSING` where too few can be reached now; the entries stay, and may be tried again.
   */
  async kept(size: number): Promise<void> {
    if (this.#count(size) >= this.#options.needed) return;
    const settle = Promise.withResolvers<void>();
    this.#waiting.add({ size, failed: new Set(), settle });
    for (const keeper of this.#keepers) if (!keeper.running) void this.#show(keeper);
    this.#settle();
    await settle.promise;
  }

  /** Presents entries to one of them until it knows all that are waited for, or fails. */
  async #show(keeper: Keeper): Promise<void> {
    keeper.running = true;
    let failure: unknown;
    let again = false;
    try {
      while (this.#isWanted(keeper)) {
        const { log } = this.#options;
        const from = keeper.known ?? (await keeper.port.knownSize(log.identity.name));
        // Knowledge beyond the end of the log is of another log, or a lie.
        if (from > log.size)
          throw new MedsealError('NODE_DOUBLED', { size: from, known: log.size });
        // Presented even if empty: to know as many entries is not to know the same ones.
        const request = await this.#request(from);
        const known = await keeper.port.show(request);
        if (known === from + request.entries.length) keeper.known = known;
        else if (again || known > from) throw malformed();
        else {
          // It may have been restarted, and know less; twice in a row it is not a coordinator's way.
          again = true;
          delete keeper.known;
        }
        this.#settle();
      }
    } catch (error) {
      failure = error;
      // It may have kept entries without saying so.
      delete keeper.known;
      for (const each of this.#waiting) each.failed.add(keeper);
    }
    keeper.running = false;
    this.#settle(failure);
  }

  #isWanted({ known = 0 }: Keeper): boolean {
    return [...this.#waiting].some(({ size }) => size > known);
  }

  async #request(from: number): Promise<CheckpointRequest> {
    const { log } = this.#options;
    const { size } = log;
    const key = `${from} ${size}`;
    if (this.#shown?.key !== key) this.#shown = { key, request: this.#make(from, size) };
    return await this.#shown.request;
  }

  async #make(from: number, size: number): Promise<CheckpointRequest> {
    const { log, note } = this.#options;
    const shown = await presentEntries(log, { from, to: size });
    // The log signs the size at which each presentation ends, so that each part proves itself.
    const end = from + shown.entries.length;
    return {
      log: log.identity.name,
      note: await note({ size: end, root: await log.root(end) }),
      from,
      ...shown,
    };
  }

  #count(size: number): number {
    return this.#keepers.filter(({ known = 0 }) => known >= size).length;
  }

  /** Tells those whose entries are kept by enough, or cannot be. */
  #settle(cause?: unknown): void {
    const { needed } = this.#options;
    for (const each of this.#waiting) {
      const got = this.#count(each.size);
      const hoped = this.#keepers.filter((keeper) => !each.failed.has(keeper)).length;
      if (got >= needed) each.settle.resolve();
      else if (hoped < needed) {
        // The organisation itself has them.
        const values = { got: got + 1, needed: needed + 1 };
        each.settle.reject(new MedsealError('VERDICTS_MISSING', values, { cause }));
      } else continue;
      this.#waiting.delete(each);
    }
  }
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'size of a log' });
}
