import type { Party } from '../../src/client/party/Party.ts';
import { seconds } from '../../src/protocol/Clock.ts';

const NAME = 'demo-steps';

/** State of the steps on the device. */
interface Remembered {
  /** Unix seconds. */
  readonly begun: number;
  readonly done: readonly string[];
}

/** The steps that fill a demonstration's charts, each done once; a device remembers which. */
export class DemoSteps {
  /** When the first step began, Unix seconds: what is made later is made as of then. */
  readonly begun: number;
  readonly #device: Party['device'];
  readonly #done: Set<string>;
  #written: Promise<void> = Promise.resolve();

  private constructor(device: Party['device'], begun: number, done: readonly string[]) {
    this.begun = begun;
    this.#device = device;
    this.#done = new Set(done);
  }

  /**
   * Reads the steps that a device remembers.
   *
   * @param party - The party whose device it is.
   */
  static async open({ device, clock }: Pick<Party, 'device' | 'clock'>): Promise<DemoSteps> {
    const state = (await device.read(NAME)) as Remembered | undefined;
    return new DemoSteps(device, state?.begun ?? seconds(clock), state?.done ?? []);
  }

  /** Tells whether a step was done. */
  has(name: string): boolean {
    return this.#done.has(name);
  }

  /**
   * Does a step unless it was done; if it fails, it is to be done again.
   *
   * @param name - The step's.
   * @param run - The step, which is safe to repeat.
   */
  async once(name: string, run: () => Promise<unknown>): Promise<void> {
    if (this.#done.has(name)) return;
    // The moment is remembered before the first step, which may be repeated.
    if (this.#done.size === 0) await this.#write();
    await run();
    this.#done.add(name);
    await this.#write();
  }

  async #write(): Promise<void> {
    const state: Remembered = { begun: this.begun, done: [...this.#done] };
    this.#written = this.#written.then(async () => await this.#device.write(NAME, state));
    await this.#written;
  }
}
