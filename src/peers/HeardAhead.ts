import { ListOf } from '../protocol/wire/findShapeError.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Organisation } from '../protocol/ids.ts';
import { shareNext } from '../services/shareNext.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';

/** The file in an organisation's folder. */
const NAME = 'heard-ahead.json';
/** Milliseconds by which each mark is set ahead of a call, so that calls one after another cost one write. */
const STEP = 1000;
const MARKS = new ListOf({ caller: 'text', at: 'count' }, 4096);

/**
 * Remembers across restarts the latest moment of calls that were heard from callers with a clock ahead of this one: the
 * moment of such a call alone does not show that it is older than the restart.
 */
export class HeardAhead {
  /** Marks that the process before left. */
  readonly #before: ReadonlyMap<Organisation, number>;
  /** The mark of a caller without one of its own. */
  readonly #otherwise: number;
  readonly #files: Files | undefined;
  /** The marks on disk, and those to be written. */
  #kept: ReadonlyMap<Organisation, number>;
  readonly #wanted: Map<Organisation, number>;
  readonly #write = shareNext(async () => {
    const marks = new Map(this.#wanted);
    if (this.#files !== undefined) {
      const rows = [...marks].map(([caller, at]) => ({ caller, at }));
      await writeJsonFile(this.#files, NAME, rows);
    }
    this.#kept = marks;
  });

  /**
   * @param marks - Marks by caller, Unix milliseconds.
   * @param files - The organisation's folder; if absent, marks are kept only in memory.
   * @param otherwise - The mark of a caller without one of its own.
   */
  constructor(
    marks: ReadonlyMap<Organisation, number> = new Map(),
    files?: Files,
    otherwise = -Infinity,
  ) {
    this.#otherwise = otherwise;
    this.#before = new Map(marks);
    this.#kept = this.#before;
    this.#wanted = new Map(marks);
    this.#files = files;
  }

  /**
   * Reads what an organisation's folder remembers.
   * @param files - The folder.
   * @param latest - The latest moment of a call that may have been heard before, Unix milliseconds: the mark of all
   * callers if the file was damaged.
   */
  static async open(files: Files, latest: number): Promise<HeardAhead> {
    const written = await readJsonFile(files, NAME).then(
      (found) => found ?? [],
      () => undefined,
    );
    if (!isOfShape(MARKS, written)) return new HeardAhead(new Map(), files, latest);
    return new HeardAhead(new Map(written.map(({ caller, at }) => [caller, at])), files);
  }

  /** Returns the latest moment of an organisation's calls that may have been heard before the restart, Unix ms. */
  before(caller: Organisation): number {
    return this.#before.get(caller) ?? this.#otherwise;
  }

  /**
   * Remembers that a call was heard; resolves once that is on disk.
   * @param caller - The signer.
   * @param at - Its moment by the caller's clock, Unix milliseconds.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  async note(caller: Organisation, at: number): Promise<void> {
    if ((this.#kept.get(caller) ?? -Infinity) >= at) return;
    const wanted = this.#wanted.get(caller) ?? -Infinity;
    if (wanted < at) this.#wanted.set(caller, at + STEP);
    await this.#write();
  }
}
