import { MemoryDatabase } from '../../src/database/test/MemoryDatabase.ts';
import type { LocalDatabase } from '../../src/database/synced.ts';
import type { Files } from '../../src/folder/Files.ts';
import { memoryFiles, type MemoryFiles } from '../../src/folder/test/memoryFiles.ts';
import type { OrganisationFolder } from '../../src/folder/OrganisationFolder.ts';
import { haltAfterFailure } from '../../src/database/haltAfterFailure.ts';
import { copyLevel } from './copyLevel.ts';
import type { Host } from './Host.ts';

/** All but `makeFolder`: how often the vault makes one depends on sealed bytes, which no seed decides. */
const FILE_STEPS = new Set(['write', 'rename', 'syncFolder', 'remove']);
const DATABASE_STEPS = new Set(['put', 'del', 'batch', 'purge']);

type Key = string | Uint8Array;
type Change = { readonly type: 'put' | 'del'; readonly key: Key; readonly value?: unknown };
type Options = { readonly sync?: boolean; readonly keyEncoding?: string };

/** An organisation's folder in memory, which outlives its hosts: a crash takes it back to what was synced. */
export class SimulatedFolder {
  #files = memoryFiles();
  readonly #parts = new Map<string, MemoryFiles>();
  readonly #disks = new Map<string, Disk>();

  /**
   * Forgets what was not synced.
   * @param survives - Tells of each unsynced thing whether it is kept all the same; nothing is kept if absent.
   */
  async losePower(survives: () => boolean = () => false): Promise<void> {
    for (const files of this.#parts.values()) files.losePower(survives);
    for (const disk of this.#disks.values()) await disk.losePower(survives);
  }

  /** Another folder that holds the same. */
  async copy(): Promise<SimulatedFolder> {
    const other = new SimulatedFolder();
    other.#files = this.#files.copy();
    for (const [name, files] of this.#parts) other.#parts.set(name, files.copy());
    for (const [name, disk] of this.#disks) other.#disks.set(name, await disk.copy());
    return other;
  }

  /** The folder as a host has it open. */
  openedBy(host: Host): OrganisationFolder {
    const fenced = (files: MemoryFiles, name: string): Files => {
      files.onStep = (step) => {
        if (!step.startsWith('make ')) host.part(`${name} ${step}`);
      };
      return host.fence(files, FILE_STEPS, name);
    };
    return {
      files: fenced(this.#files, 'folder'),
      part: async (name) =>
        await Promise.resolve(fenced(known(this.#parts, name, memoryFiles), name)),
      database: async (name) => {
        const disk = known(this.#disks, name, () => new Disk());
        return await Promise.resolve(disk.openedBy(host, name));
      },
      guard: (database) => database,
      elsewhere: () => () => undefined,
      halt: () => undefined,
      forward: () => undefined,
    };
  }
}

/** A database with the changes that a power cut would undo. */
export class Disk {
  readonly #level: LocalDatabase;
  /** Functions that undo the changes that were not synced, and that do them again. */
  #unsynced: { readonly undo: () => Promise<void>; readonly redo: () => unknown }[] = [];

  constructor(level: LocalDatabase = new MemoryDatabase()) {
    this.#level = level;
  }

  /** Another one with the same rows, all of them durable. */
  async copy(): Promise<Disk> {
    return new Disk(await copyLevel(this.#level));
  }

  /**
   * Undoes what was not synced.
   * @param survives - Tells of each change whether it is kept all the same: one that survives may come after one that
   * does not, because LevelDB closes a full log without syncing it.
   */
  async losePower(survives: () => boolean = () => false): Promise<void> {
    const unsynced = this.#unsynced.splice(0);
    for (const { undo } of unsynced.toReversed()) await undo();
    for (const { redo } of unsynced) if (survives()) await redo();
  }

  /** The database as a host has it open: it takes no write after one that failed. */
  openedBy(host: Host, name: string): LocalDatabase {
    return haltAfterFailure(layered(host.fence(this.#opened(), DATABASE_STEPS, name)), name);
  }

  /** The database, whose changes are noted until a synced one makes them durable. */
  #opened(): LocalDatabase {
    const level = this.#level;
    const change = (
      changes: readonly Change[],
      options: Options = {},
      redo: () => unknown,
    ): void => {
      if (options.sync === true) this.#unsynced = [];
      else {
        const undoing = changes.map(({ key }) => this.#restore(key, options));
        const undo = async (): Promise<void> => {
          for (const each of undoing.toReversed()) await each();
        };
        this.#unsynced.push({ undo, redo });
      }
    };
    return new Proxy(level, {
      get: (_, name) => {
        const member: unknown = Reflect.get(level, name, level);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]): unknown => {
          // It would be opened again with what it holds.
          if (name === 'close') return Promise.resolve();
          const call = (): unknown => Reflect.apply(member, level, values);
          if (name === 'put')
            change([{ type: 'put', key: values[0] as Key }], values[2] as Options, call);
          if (name === 'del')
            change([{ type: 'del', key: values[0] as Key }], values[1] as Options, call);
          if (name === 'purge') change([], { sync: true }, call);
          if (name === 'batch') change(values[0] as readonly Change[], values[1] as Options, call);
          return call();
        };
      },
    });
  }

  #restore(key: Key, { keyEncoding = 'utf8' }: Options): () => Promise<void> {
    const encodings = { keyEncoding, valueEncoding: 'view' };
    const before: unknown = this.#level.getSync(key as string, encodings);
    return async () => {
      if (before === undefined) await this.#level.del(key as string, encodings);
      else await this.#level.put(key as string, before as string, encodings);
    };
  }
}

/** A database whose methods can be replaced while what is below stays as it is. */
function layered(database: LocalDatabase): LocalDatabase {
  const own = new Map<string | symbol, unknown>();
  return new Proxy(database, {
    get: (_, name) => (own.has(name) ? own.get(name) : Reflect.get(database, name)),
    defineProperty(_, name, { value }) {
      own.set(name, value);
      return true;
    },
  });
}

function known<Value>(values: Map<string, Value>, name: string, make: () => Value): Value {
  const value = values.get(name) ?? make();
  values.set(name, value);
  return value;
}
