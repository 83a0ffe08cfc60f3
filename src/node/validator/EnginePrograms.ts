import { chmod, copyFile, open, rm, stat } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { env } from 'node:process';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { hashFile } from './hashFile.ts';
import { platformOf, PLATFORM_HERE } from './platforms.ts';
import { VALIDATOR } from './validatorHome.ts';

const PROGRAMS = `${VALIDATOR}/programs`;
const PINNED = `${VALIDATOR}/program.json`;
const PINNED_FILE = { sha256: BYTES32 } as const;

/** A program that the ledger goes on with, and that the folder lacks. */
export interface LackingProgram {
  /** First block that it carries out; absent if that is long past. */
  readonly height?: number;
  readonly platform: string;
  /** Absent if the upgrade names none for this platform. */
  readonly sha256?: Bytes32;
}

/**
 * The engine's programs of a validator, each by its SHA-256, which is compared before each start. Until its organisation first states
 * that it holds the program of an upgrade, the validator runs the one of its settings, whichever that is; from then on the one that
 * is pinned, also after an upgrade that lapsed.
 */
export class EnginePrograms {
  readonly #files: Files;
  readonly #setting: string;
  #height: number | undefined;
  #lacking: LackingProgram | undefined;
  /** True once the ledger went on with another program: the one that is pinned is the ledger's. */
  #isSwitched = false;
  /** Ends when the program that is pinned is written. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Files at the settings' path that were found to be other programs: one is not read again until it is replaced. */
  readonly #others = new Set<string>();

  /**
   * @param files - The data folder of the organisation's node.
   * @param setting - The program of its settings: a path, or a name that the system finds.
   */
  constructor(files: Files, setting: string) {
    this.#files = files;
    this.#setting = setting;
  }

  /** The program that it has to run, if it lacked it when it was last asked for. */
  get lacking(): LackingProgram | undefined {
    return this.#lacking;
  }

  /**
   * Takes a program into the folder. Nothing runs it before an upgrade names it.
   *
   * @param path - The file.
   * @returns Its hash, and the platform, which is this machine's.
   * @throws MedsealError `ARGUMENT_INVALID` if it is for another platform, or not a program; `FOLDER_UNWRITABLE`.
   */
  async add(path: string): Promise<{ readonly sha256: Bytes32; readonly platform: string }> {
    const platform = await platformOf(path).catch(() => undefined);
    if (platform !== PLATFORM_HERE) {
      const reason = `${path} is not a program for ${PLATFORM_HERE}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason });
    }
    const sha256 = await this.#copy(path);
    if (sha256 !== undefined) return { sha256, platform };
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'file', reason: `${path} is gone` });
  }

  /**
   * Returns the program to start, once its hash was compared.
   *
   * @returns Undefined if it is not there, as `lacking` says.
   */
  async next(): Promise<string | undefined> {
    if (this.#lacking !== undefined && this.#lacking.sha256 === undefined) return undefined;
    const sha256 = await this.#pinned();
    const path = sha256 === undefined ? this.#setting : await this.find(sha256);
    const height = this.#height;
    this.#lacking =
      path === undefined
        ? { platform: PLATFORM_HERE, ...(sha256 && { sha256 }), ...(height && { height }) }
        : undefined;
    return path;
  }

  /**
   * Looks for a program by its hash: in the folder, and at the path of the settings.
   *
   * @param sha256 - Its hash.
   * @returns Its path, undefined if it is not there or altered.
   */
  async find(sha256: Bytes32): Promise<string | undefined> {
    const kept = this.#pathOf(sha256);
    if ((await hashFile(kept)) === sha256) return kept;
    for (const path of this.#settingPaths()) {
      const file = await stat(path).catch(() => undefined);
      if (file === undefined) continue;
      const { ino, mtimeMs, ctimeMs, size } = file;
      const seen = `${sha256} ${path} ${ino} ${mtimeMs} ${ctimeMs} ${size}`;
      if (this.#others.has(seen)) continue;
      if ((await hashFile(path)) === sha256) return path;
      this.#others.add(seen);
    }
    return undefined;
  }

  /**
   * Takes the program that an upgrade names for this machine into the folder, and pins the present one until then: a package can put
   * another one in the place of either any day.
   *
   * @param upgrade - The upgrade.
   * @param running - The program that runs, and its process.
   * @returns True once the folder has both.
   */
  async hold(
    { programs }: EngineUpgrade,
    running: { readonly sha256: Bytes32; readonly pid: number | undefined },
  ): Promise<boolean> {
    const next = programs[PLATFORM_HERE];
    const found = next && (await this.find(next));
    if (next === undefined || found === undefined) return false;
    const { sha256, pid } = running;
    // The file that runs may be at its path no more.
    const runs = [...(pid === undefined ? [] : [`/proc/${pid}/exe`]), ...this.#settingPaths()];
    if (!(await this.#keep(next, [found])) || !(await this.#keep(sha256, runs))) return false;
    return await this.#inTurn(async () => {
      if ((await this.#pinned()) === sha256) return true;
      // The program that ran ended for another one meanwhile.
      if (this.#isSwitched) return false;
      await writeJsonFile(this.#files, PINNED, { sha256 });
      return true;
    });
  }

  /**
   * Goes by another program from the next start on, for the ledger is at the block of an upgrade.
   *
   * @param upgrade - The upgrade in force.
   */
  async switchTo({ height, programs }: EngineUpgrade): Promise<void> {
    const sha256 = programs[PLATFORM_HERE];
    this.#height = height;
    this.#isSwitched = true;
    if (sha256 === undefined) this.#lacking = { height, platform: PLATFORM_HERE };
    else await this.#inTurn(async () => await writeJsonFile(this.#files, PINNED, { sha256 }));
  }

  /** Reads and writes which program is pinned, one after another. */
  async #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = this.#writing.then(act);
    this.#writing = turn.catch(() => undefined);
    return await turn;
  }

  async #pinned(): Promise<Bytes32 | undefined> {
    const pinned = await readJsonFile(this.#files, PINNED);
    return isOfShape(PINNED_FILE, pinned) ? pinned.sha256 : undefined;
  }

  /** Copies the first file that has a hash into the folder; false if none has it. */
  async #keep(sha256: Bytes32, paths: readonly string[]): Promise<boolean> {
    if ((await hashFile(this.#pathOf(sha256))) === sha256) return true;
    for (const path of paths) {
      if ((await this.#copy(path, sha256)) !== undefined) return true;
    }
    return false;
  }

  /** Copies a file into the folder under its hash; nothing if it has another one than is wanted, or is not there. */
  async #copy(path: string, wanted?: Bytes32): Promise<Bytes32 | undefined> {
    await this.#files.makeFolder(PROGRAMS);
    // A command can add a program while the node pins another. A name is used again, so that what was cut off does not stay.
    const name = `${PROGRAMS}/${wanted === undefined ? 'arriving' : 'pinning'}`;
    const arriving = `${this.#files.path}/${name}`;
    try {
      await rm(arriving, { force: true });
      await copyFile(path, arriving);
      const sha256 = await hashFile(arriving);
      if (sha256 === undefined || (wanted !== undefined && sha256 !== wanted)) return undefined;
      await chmod(arriving, 0o500);
      await sync(arriving);
      await this.#files.rename(name, `${PROGRAMS}/${sha256}`);
      await this.#files.syncFolder(PROGRAMS);
      return sha256;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    } finally {
      await rm(arriving, { force: true });
    }
  }

  #pathOf(sha256: Bytes32): string {
    return `${this.#files.path}/${PROGRAMS}/${sha256}`;
  }

  #settingPaths(): readonly string[] {
    if (this.#setting.includes('/')) return [this.#setting];
    return (env['PATH'] ?? '').split(delimiter).map((folder) => `${folder}/${this.#setting}`);
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
