import { PieceMemory } from '../../crypto/PieceMemory.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files, ReadOptions } from '../Files.ts';
import { insidePath } from '../insidePath.ts';

/** A file's bytes: as they are, and as they would be after a power cut. */
interface Inode {
  bytes: Uint8Array;
  synced: Uint8Array;
}

/** A change of the names in a folder. */
interface NameChange {
  readonly folder: string;
  readonly apply: (names: Map<string, Inode>) => void;
}

/** Files that live in memory, and what a test can do to them. */
export interface MemoryFiles extends Files {
  /**
   * Called before every step that changes anything: making a file, each part written, its sync, a rename, a removal, a
   * new folder, the sync of a folder. An error thrown here fails the step.
   */
  onStep: (step: string) => void;
  /**
   * Forgets what was not synced, as a power cut does.
   * @param survives - Asked of each thing that was not synced, a name or the bytes of a file, whether it is there all
   * the same; nothing is, if absent. Of bytes the first half survives, or all.
   */
  losePower(survives?: () => boolean): void;
  /** Other files that are the same, in bytes and in what is durable. */
  copy(): MemoryFiles;
  /** Changes bytes behind everyone's back. */
  tamper(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
}

/**
 * A folder in memory with the durability of a real one: bytes stay when the file was synced, names when their
 * folder was. For tests.
 */
export function memoryFiles(): MemoryFiles {
  return new FolderInMemory();
}

class FolderInMemory implements MemoryFiles {
  readonly path = 'memory';
  onStep: (step: string) => void = () => undefined;
  #names = new Map<string, Inode>();
  readonly #durable = new Map<string, Inode>();
  /** Changes of names that no sync of their folder made durable yet, in their order. */
  #unsynced: NameChange[] = [];
  /** Folders are durable at once: `makeFolder` promises it. */
  readonly #folders = new Set<string>(['']);

  async makeFolder(path: string): Promise<void> {
    const names = insidePath(path).split('/');
    for (let depth = 1; depth <= names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      if (this.#folders.has(folder)) continue;
      this.#step(`make ${folder}`);
      this.#folders.add(folder);
    }
  }

  async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.#step(`create ${this.#inFolder(path)}`);
    if (this.#names.has(path)) this.#unwritable('the name is taken');
    const inode: Inode = { bytes: new Uint8Array(0), synced: new Uint8Array(0) };
    this.#change({ folder: folderOf(path), apply: (names) => void names.set(path, inode) });
    // Has room for more than is written, so that a file of many pieces is not copied for each of them.
    let room = new Uint8Array(0);
    for await (const bytes of content) {
      this.#step(`write ${path}`);
      const end = inode.bytes.length + bytes.length;
      if (end > room.length) {
        room = new Uint8Array(2 * end);
        room.set(inode.bytes);
      }
      room.set(bytes, inode.bytes.length);
      inode.bytes = room.subarray(0, end);
    }
    this.#step(`sync ${path}`);
    inode.synced = inode.bytes;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step(`rename ${this.#inFolder(from)} to ${this.#inFolder(to)}`);
    const inode = this.#names.get(from) ?? this.#unwritable('there is no such file');
    this.#change({
      folder: folderOf(to),
      apply: (names) => {
        names.delete(from);
        names.set(to, inode);
      },
    });
  }

  async syncFolder(path: string): Promise<void> {
    this.#step(`sync names of ${path === '' ? 'the folder' : insidePath(path)}`);
    for (const { folder, apply } of this.#unsynced) {
      if (folder === path) apply(this.#durable);
    }
    this.#unsynced = this.#unsynced.filter(({ folder }) => folder !== path);
  }

  async *read(path: string, options: ReadOptions = {}): AsyncIterable<Uint8Array> {
    const inode = this.#names.get(insidePath(path));
    if (inode === undefined) throw new MedsealError('FILE_ABSENT', {});
    const memory = new PieceMemory(options.reuse === true ? 2 : undefined);
    for (let from = options.from ?? 0; from < inode.bytes.length; from += PART) {
      const part = inode.bytes.subarray(from, from + PART);
      const piece = memory.take(part.length);
      piece.set(part);
      yield piece;
    }
  }

  async size(path: string): Promise<number | undefined> {
    return this.#names.get(insidePath(path))?.bytes.length;
  }

  async remove(path: string): Promise<void> {
    this.#step(`remove ${insidePath(path)}`);
    this.#change({ folder: folderOf(path), apply: (names) => void names.delete(path) });
  }

  async list(path: string): Promise<readonly string[]> {
    const folder = path === '' ? '' : insidePath(path);
    return [...this.#names.keys(), ...this.#folders]
      .filter((name) => name !== '' && folderOf(name) === folder)
      .map((name) => name.slice(name.lastIndexOf('/') + 1));
  }

  losePower(survives: () => boolean = () => false): void {
    for (const { apply } of this.#unsynced.splice(0)) if (survives()) apply(this.#durable);
    this.#names = new Map(this.#durable);
    for (const inode of this.#names.values()) {
      const whole = inode.bytes.length;
      const half = Math.floor((inode.synced.length + whole) / 2);
      const kept = survives() ? (survives() ? whole : half) : inode.synced.length;
      inode.bytes = inode.bytes.slice(0, kept);
      inode.synced = inode.bytes;
    }
  }

  copy(): MemoryFiles {
    const other = new FolderInMemory();
    const inodes = new Map<Inode, Inode>();
    const copied = (inode: Inode): Inode => {
      const known = inodes.get(inode) ?? { ...inode };
      inodes.set(inode, known);
      return known;
    };
    for (const [name, inode] of this.#names) other.#names.set(name, copied(inode));
    for (const [name, inode] of this.#durable) other.#durable.set(name, copied(inode));
    for (const folder of this.#folders) other.#folders.add(folder);
    if (this.#unsynced.length > 0) throw new Error('what is not synced cannot be copied');
    return other;
  }

  tamper(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const inode = this.#names.get(path);
    if (inode !== undefined) inode.bytes = inode.synced = change(inode.bytes);
  }

  #change(change: NameChange): void {
    change.apply(this.#names);
    this.#unsynced.push(change);
  }

  #inFolder(path: string): string {
    if (!this.#folders.has(folderOf(insidePath(path)))) this.#unwritable('there is no such folder');
    return path;
  }

  #step(step: string): void {
    try {
      this.onStep(step);
    } catch (cause) {
      this.#unwritable(cause);
    }
  }

  #unwritable(cause: unknown): never {
    throw new MedsealError('FOLDER_UNWRITABLE', { path: this.path }, { cause });
  }
}

/** Bytes that a read yields at a time. */
const PART = 64 * 1024;

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
