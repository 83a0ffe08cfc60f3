import { readFile } from 'node:fs/promises';

/** What strace is asked to write, so that `SystemCalls` can read it. */
export const STRACE = [
  '-f',
  '-qq',
  '-y',
  '-x',
  '-s',
  '1000000',
  '-e',
  'trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg',
];

/** A call of a process to its operating system. */
interface Call {
  readonly name: string;
  /** What the descriptor is: the path of a file, or a socket. */
  readonly on: string;
  /** What was written, as Latin-1. */
  readonly data: string;
  /** Lines of the trace at which it began, and was over. */
  readonly from: number;
  to: number;
}

/** What a process asked of its operating system, in its order, as strace saw it. */
export class SystemCalls {
  readonly #calls: readonly Call[];

  private constructor(calls: readonly Call[]) {
    this.#calls = calls;
  }

  /**
   * Reads a trace.
   * @param path - What strace wrote.
   */
  static async read(path: string): Promise<SystemCalls> {
    const lines = (await readFile(path, 'utf8')).split('\n');
    const calls: Call[] = [];
    /** Calls that another thread's line came in between, by thread. */
    const open = new Map<string, Call>();
    for (const [at, line] of lines.entries()) {
      const [, thread = '', name, on] = /^(\d+) +(\w+)\(\d+<([^>]*)>/.exec(line) ?? [];
      if (name !== undefined && on !== undefined) {
        const call = { name, on, data: stringsIn(line), from: at, to: at };
        calls.push(call);
        if (line.endsWith('<unfinished ...>')) {
          call.to = Infinity;
          open.set(thread, call);
        }
        continue;
      }
      const [, resumed = ''] = /^(\d+) +<\.\.\. \w+ resumed>/.exec(line) ?? [];
      const call = open.get(resumed);
      if (call !== undefined) call.to = at;
      open.delete(resumed);
    }
    return new SystemCalls(calls);
  }

  /**
   * Where some bytes were written into a file for the first time, and that file was synced after it.
   * @param file - What the path of the file is like.
   * @param data - As Latin-1.
   * @returns The line at which the sync was over, by file; those files alone that have the bytes.
   */
  syncedWith(file: RegExp, data: string): ReadonlyMap<string, number> {
    const synced = new Map<string, number>();
    const written = this.#calls.filter(({ on, name }) => file.test(on) && name.includes('write'));
    for (const [on, writes] of Map.groupBy(written, (call) => call.on)) {
      let text = '';
      const last = writes.find((call) => (text += call.data).includes(data));
      if (last === undefined) continue;
      const sync = this.#calls.find(
        (call) => call.on === on && call.name.endsWith('sync') && call.from > last.from,
      );
      synced.set(on, sync?.to ?? Infinity);
    }
    return synced;
  }

  /**
   * Where a text left through a socket for the first time.
   * @param text - What an answer holds.
   * @returns The line; -1 where it never did.
   */
  sent(text: string): number {
    return (
      this.#calls.find(({ on, data }) => /socket|TCP/.test(on) && data.includes(text))?.from ?? -1
    );
  }

  /**
   * Where a file or folder was synced the last time before a line.
   * @param path - What it is like.
   */
  syncedBefore(path: RegExp, line: number): number {
    const synced = this.#calls.filter(
      ({ on, name, to }) => name.endsWith('sync') && path.test(on) && to < line,
    );
    return synced.at(-1)?.to ?? -1;
  }
}

/** All strings of a line, one after the other. */
function stringsIn(line: string): string {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
    .map(([, text = '']) => unescaped(text))
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' };

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/g,
    (_, hex, octal, other: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(String(hex), 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(String(octal), 8));
      return ESCAPES[other] ?? other;
    },
  );
}
