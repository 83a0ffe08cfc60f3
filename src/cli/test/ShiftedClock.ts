import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SHIFTED_DATE = pathToFileURL(join(import.meta.dirname, 'shiftedDate.ts')).href;

/** A wall clock of some Node processes that a test sets, also while they run; their timers go on as they are. */
export class ShiftedClock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Makes a clock that is right, in a folder. */
  static async open(folder: string): Promise<ShiftedClock> {
    const clock = new ShiftedClock(join(folder, 'clock'));
    await clock.shift(0);
    return clock;
  }

  /** Environment of a process that goes by this clock. */
  get env(): { readonly SHIFTED_CLOCK: string; readonly NODE_OPTIONS: string } {
    return { SHIFTED_CLOCK: this.#file, NODE_OPTIONS: `--import=${SHIFTED_DATE}` };
  }

  /** Sets it, milliseconds ahead of the machine's clock. */
  async shift(milliseconds: number): Promise<void> {
    await writeFile(`${this.#file}.new`, String(milliseconds));
    await rename(`${this.#file}.new`, this.#file);
  }
}
