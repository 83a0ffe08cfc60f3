import { acceptedErase } from '../../log/acceptedErase.ts';
import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { ErasableVersion } from '../../protocol/erasesVersion.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/parseBody.ts';
import type { Erase, Write } from '../../protocol/requests.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { KnownErasures } from './KnownErasures.ts';
import { fileOwners } from './fileOwners.ts';

/** A sealed file of a version that was erased. */
export interface ErasedFile {
  readonly hash: Bytes32;
  readonly handle: Handle;
  readonly size: number;
}

/** By category the last epoch that was erased; absent for none. */
export type ErasedEpochs = ReadonlyMap<Category, number>;

/** Number of entries that are read at once. */
const PAGE = 256;

/**
 * The erasures in the logs of a channel, as an organisation holds them. A version is erased once any log has an erasure of
 * its category up to its epoch or a later one, whichever entry came first.
 */
export class Erasures implements KnownErasures {
  readonly #logs: readonly EvidenceLog[];
  /** Erasures that were read, by log and place: an entry does not change. */
  readonly #read = new Map<EvidenceLog, Map<number, Erase | undefined>>();

  /** @param logs - The logs. */
  constructor(logs: Iterable<EvidenceLog>) {
    this.#logs = [...logs];
  }

  has(handle: Handle): boolean {
    return this.#logs.some((log) => log.erasures(handle).length > 0);
  }

  /** The patients of whom anything was erased. */
  handles(): readonly Handle[] {
    return [...new Set(this.#logs.flatMap((log) => log.erasing()))];
  }

  /** Returns what was erased of a patient. */
  async of(handle: Handle): Promise<ErasedEpochs> {
    const epochs = new Map<Category, number>();
    for (const log of this.#logs) {
      for (const { category, epoch } of await this.#erasuresIn(log, handle)) {
        epochs.set(category, Math.max(epoch, epochs.get(category) ?? 0));
      }
    }
    return epochs;
  }

  async isErased({ handle, category, epoch }: ErasableVersion): Promise<boolean> {
    return this.has(handle) && epoch <= ((await this.of(handle)).get(category) ?? 0);
  }

  /** The files of a patient's versions that were erased, some at once. */
  async *files(handle: Handle): AsyncGenerator<readonly ErasedFile[]> {
    const erased = await this.of(handle);
    for (const log of this.#logs) {
      const places = (await log.versions(handle)).map(({ index }) => index);
      for (let from = 0; from < places.length; from += PAGE) {
        const page = places.slice(from, from + PAGE);
        const writes = (await log.readAt(page)).flatMap((entry, i) => {
          const write = entry && writeIn(entry);
          if (write === undefined || write.epoch > (erased.get(write.category) ?? 0)) return [];
          return [{ write, index: page[i] }];
        });
        const owners = await fileOwners(
          this.#logs,
          writes.map(({ write }) => write.file),
        );
        // A file is of the first entry that names it, and of no other.
        const own = writes.filter(({ index }, i) => {
          return owners[i]?.log === log && owners[i].index === index;
        });
        if (own.length > 0) {
          yield own.map(({ write: { file, size } }) => ({ hash: file, handle, size }));
        }
      }
    }
  }

  /** The category of the version that a sealed file belongs to, if that was erased; undefined otherwise. */
  async categoryOf(hash: Bytes32): Promise<Category | undefined> {
    if (this.#logs.every((log) => log.erasing().length === 0)) return undefined;
    const [owner] = await fileOwners(this.#logs, [hash]);
    const [entry] = owner === undefined ? [] : await owner.log.readAt([owner.index]);
    const write = entry && writeIn(entry);
    return write !== undefined && (await this.isErased(write)) ? write.category : undefined;
  }

  async #erasuresIn(log: EvidenceLog, handle: Handle): Promise<readonly Erase[]> {
    const places = log.erasures(handle);
    if (places.length === 0) return [];
    const known = this.#read.get(log) ?? new Map<number, Erase | undefined>();
    this.#read.set(log, known);
    const missing = places.filter((place) => !known.has(place));
    for (const [i, entry] of (await log.readAt(missing)).entries()) {
      const erase = entry && acceptedErase(parseEntryBody(entry.body));
      known.set(missing[i] ?? -1, erase?.handle === handle ? erase : undefined);
    }
    return places.flatMap((place) => known.get(place) ?? []);
  }
}

function writeIn({ body }: Acknowledgement): Write | undefined {
  return acceptedWrite(parseEntryBody(body));
}
