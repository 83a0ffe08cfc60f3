import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import { acceptedWrite } from '../../log/acceptedWrite.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { erasesVersion, type ErasableVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle, LogName } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { Erase, Write } from '../../protocol/struct/requests.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { KnownErasures } from './KnownErasures.ts';
import { fileOwners } from './fileOwners.ts';

/** A sealed file of a version that was erased. */
export interface ErasedFile {
  readonly hash: Bytes32;
  readonly handle: Handle;
  readonly size: number;
}

/** An entry that erases, at its place. */
export interface PlacedErasure {
  readonly log: LogName;
  readonly index: number;
  readonly erase: Erase;
}

/** A version that was erased: the entry that put it on the chart, and its sealed file. */
export interface ErasedVersion extends ErasedFile {
  readonly entry: Bytes32;
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
      for (const { erase } of await this.#erasuresIn(log, handle)) {
        const { category, epoch } = erase;
        epochs.set(category, Math.max(epoch, epochs.get(category) ?? 0));
      }
    }
    return epochs;
  }

  /**
   * Returns the entries that erase any of a patient's versions, of each log and category the last: a reader who was given no
   * keys learns from them which versions never get any. An erasure of other versions is not told.
   *
   * @param handle - The patient.
   * @param versions - Acknowledgements of the versions that the reader is given.
   */
  async among(
    handle: Handle,
    versions: readonly Acknowledgement[],
  ): Promise<readonly Acknowledgement[]> {
    if (!this.has(handle)) return [];
    const writes = versions.flatMap((version) => writeIn(version) ?? []);
    const found = await Promise.all(
      this.#logs.map(async (log) => {
        const last = new Map<Category, { readonly place: number; readonly erase: Erase }>();
        for (const { place, erase } of await this.#erasuresIn(log, handle)) {
          const known = last.get(erase.category)?.erase.epoch ?? 0;
          if (erase.epoch > known) last.set(erase.category, { place, erase });
        }
        const places = [...last.values()].flatMap(({ place, erase }) =>
          writes.some((write) => erasesVersion(erase, write)) ? [place] : [],
        );
        return await log.readAt(places);
      }),
    );
    return found.flat().filter((entry) => entry !== undefined);
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

  /** The entries that erase any of a patient's versions. */
  async placed(handle: Handle): Promise<readonly PlacedErasure[]> {
    const found = await Promise.all(
      this.#logs.map(async (log) => {
        const { name } = log.identity;
        const listed = await this.#erasuresIn(log, handle);
        return listed.map(({ place, erase }) => ({ log: name, index: place, erase }));
      }),
    );
    return found.flat();
  }

  /** Returns the versions that one erasure is of, in ascending order of the entries that put them on the chart. */
  async versions(erase: Erase): Promise<readonly ErasedVersion[]> {
    const found: ErasedVersion[] = [];
    for (const log of this.#logs) {
      const places = (await log.versions(erase.handle)).map(({ index }) => index);
      for (let from = 0; from < places.length; from += PAGE) {
        for (const entry of await log.readAt(places.slice(from, from + PAGE))) {
          const write = entry && writeIn(entry);
          if (entry === undefined || write === undefined) continue;
          if (!erasesVersion(erase, write)) continue;
          const { handle, file, size } = write;
          found.push({ entry: entry.entry, hash: file, handle, size });
        }
      }
    }
    return found.toSorted((one, other) => (one.entry < other.entry ? -1 : 1));
  }

  /** The category of the version that a sealed file belongs to, if that was erased; undefined otherwise. */
  async categoryOf(hash: Bytes32): Promise<Category | undefined> {
    if (this.#logs.every((log) => log.erasing().length === 0)) return undefined;
    const [owner] = await fileOwners(this.#logs, [hash]);
    const [entry] = owner === undefined ? [] : await owner.log.readAt([owner.index]);
    const write = entry && writeIn(entry);
    return write !== undefined && (await this.isErased(write)) ? write.category : undefined;
  }

  async #erasuresIn(
    log: EvidenceLog,
    handle: Handle,
  ): Promise<readonly { readonly place: number; readonly erase: Erase }[]> {
    const places = log.erasures(handle);
    if (places.length === 0) return [];
    const known = this.#read.get(log) ?? new Map<number, Erase | undefined>();
    this.#read.set(log, known);
    const missing = places.filter((place) => !known.has(place));
    for (const [i, entry] of (await log.readAt(missing)).entries()) {
      const erase = entry && acceptedErase(parseEntryBody(entry.body));
      known.set(missing[i] ?? -1, erase?.handle === handle ? erase : undefined);
    }
    return places.flatMap((place) => {
      const erase = known.get(place);
      return erase === undefined ? [] : [{ place, erase }];
    });
  }
}

function writeIn({ body }: Acknowledgement): Write | undefined {
  return acceptedWrite(parseEntryBody(body));
}
