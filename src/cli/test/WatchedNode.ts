import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { collectRun, startMedseal, type Ending, type Run } from './runMedseal.ts';

/** A line of a node's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** A node that `medseal up` runs, heard from its first line on. */
export class WatchedNode {
  /** Exit code and output, once it ends. */
  readonly ended: Promise<Run>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: LogLine[] = [];
  readonly #heard = new Set<() => void>();

  /**
   * @param t - Kills it at its end.
   * @param args - Options of `medseal up`.
   * @param onLine - Called with each line of its log.
   */
  constructor(t: Ending, args: readonly string[], onLine?: (line: LogLine) => void) {
    this.#child = startMedseal(['up', '--json', '--log', 'json', ...args]);
    t.after(() => this.#child.kill('SIGKILL'));
    this.ended = collectRun(this.#child);
    createInterface(this.#child.stderr).on('line', (line) => {
      if (line.startsWith('{')) {
        const logged = JSON.parse(line) as LogLine;
        this.#lines.push(logged);
        onLine?.(logged);
      }
      for (const hear of this.#heard) hear();
    });
    void this.ended.then(() => {
      for (const hear of this.#heard) hear();
    });
  }

  /** Number of lines of its log so far. */
  get lines(): number {
    return this.#lines.length;
  }

  /**
   * Waits for a line of its log.
   *
   * @param event - The line's event.
   * @param fields - Fields that it must have.
   * @param after - Number of lines to pass over.
   * @throws Error with what it said if it ends before.
   */
  async said(
    event: string,
    fields: Readonly<Record<string, unknown>> = {},
    after = 0,
  ): Promise<LogLine> {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>();
    const hear = (): void => {
      const found = this.#lines.slice(after).find((line) => {
        const isSame = Object.entries(fields).every(([name, value]) => line[name] === value);
        return line.event === event && isSame;
      });
      if (found !== undefined) resolve(found);
    };
    this.#heard.add(hear);
    hear();
    void this.ended.then(({ stderr, stdout }) =>
      reject(new Error(`it ended before it said ${event}: ${stderr}${stdout}`)),
    );
    try {
      return await promise;
    } finally {
      this.#heard.delete(hear);
    }
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal that ends it, and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Run> {
    this.#child.kill(signal);
    return await this.ended;
  }
}
