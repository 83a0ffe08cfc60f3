import { readFile } from 'node:fs/promises';

/** Options of strace that make it write a trace which `SystemCalls` can read. */
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
  /** Target of the descriptor: the path of a file, or a socket. */
  readonly on: string;
  /** Bytes that were written, as Latin-1. */
  readonly data: string;
  /** Lines of the trace at which it began, and was over. */
  readonly from: number;
  to: number;
}

/** System calls of a process in their order, as strace saw them. */
export class SystemCalls {
  readonly #calls: readonly Call[];

  private constructor(calls: readonly Call[]) {
    this.#calls = calls;
  }

  /**
   * Reads a trace.
   * @param path - File that strace wrote.
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
   * Finds the first sync of each file after some bytes were written into it for the first time.
   * @param file - Pattern of the paths of the files.
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
   * Finds the first time that a text left through a socket.
   * @param text - Text that an answer holds.
   * @returns The line; -1 if it never did.
   */
  sent(text: string): number {
    return (
      this.#calls.find(({ on, data }) => /socket|TCP/.test(on) && data.includes(text))?.from ?? -1
    );
  }

  /**
   * Finds the last sync of a file or folder before a line.
   * @param path - Pattern of its path.
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
