import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { collectRun, runMedseal, startMedseal, type Run } from '../../src/cli/test/runMedseal.ts';

/** Settings with which one machine may ask as much as it can. */
export const NODE_SETTINGS = [
  ...['listen', 'ledger', 'operate'].map((door) => `${door}.port=0`),
  'authority.accepts=everyone',
  'limits.requestsPerSecond=1000000',
  'limits.burst=1000000',
  'log.level=warn',
].flatMap((setting) => ['--set', setting]);

/** Organisations of the node. */
export const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;

/** Addresses of a node. */
interface Doors {
  readonly agents: string;
  readonly operate: string;
}

/** A node of three organisations that `medseal up` runs, and that is killed and started again. */
export class LoadedNode {
  readonly data: string;
  #doors: Doors | undefined;
  #child: ChildProcess | undefined;
  #ended: Promise<Run> | undefined;

  private constructor(data: string) {
    this.data = data;
  }

  /**
   * Founds a network in a new folder.
   * @param data - The folder.
   */
  static async found(data: string): Promise<LoadedNode> {
    const organisations = ['--organisations', ORGANISATIONS.join(',')];
    const made = await runMedseal(
      'init',
      '--data',
      data,
      ...organisations,
      '--plain-keys',
      '--yes',
    );
    if (made.code !== 0) throw new Error(made.stderr);
    return new LoadedNode(data);
  }

  /** Addresses of the node; the last ones if it is down. */
  get doors(): Doors {
    if (this.#doors === undefined) throw new Error('the node was never up');
    return this.#doors;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /**
   * Starts it.
   * @returns True if it became ready; not, if it was killed before.
   * @throws Error with what it said if it ended by itself.
   */
  async start(): Promise<boolean> {
    const child = startMedseal(['up', '--data', this.data, '--json', ...NODE_SETTINGS]);
    this.#child = child;
    const ended = collectRun(child);
    this.#ended = ended;
    const ready = new Promise<string>((resolve) => {
      createInterface(child.stdout).once('line', resolve);
    });
    const first = await Promise.race([ready, ended]);
    if (typeof first !== 'string') {
      if (child.signalCode === 'SIGKILL') return false;
      throw new Error(`it ended early: ${first.stderr}${first.stdout}`);
    }
    const said = JSON.parse(first) as { readonly urls?: Doors };
    if (said.urls === undefined) throw new Error(first);
    this.#doors = said.urls;
    return true;
  }

  /** Ends it at once, with nothing done for its end; resolves when it is gone. */
  async kill(): Promise<Run | undefined> {
    return await this.stop('SIGKILL');
  }

  /** Ends it; resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Run | undefined> {
    this.#child?.kill(signal);
    return await this.#ended;
  }
}
