import { readdirSync, readFileSync } from 'node:fs';

/** A tick of Linux's accounting, milliseconds. */
const TICK = 10;

/** Memory and processor time of the browsers that this process started, at a moment. */
export interface BrowserLook {
  /** Memory of their own of all their processes, bytes. */
  readonly memory: number;
  /** Processor time that each worker of their pages has used, milliseconds, by process and thread. */
  readonly workers: ReadonlyMap<string, number>;
}

/** Looks at the browsers that this process started; it works on Linux. */
export function lookAtBrowsers(): BrowserLook {
  const parents = new Map(
    numbered('/proc').map((pid) => [pid, statOf(`/proc/${pid}/stat`)?.fields[1]] as const),
  );
  const isOurs = (pid: string | undefined): boolean =>
    pid !== undefined && (parents.get(pid) === String(process.pid) || isOurs(parents.get(pid)));
  const pids = [...parents.keys()].filter(isOurs);
  const threads = pids.flatMap((pid) => {
    return numbered(`/proc/${pid}/task`).flatMap((thread) => {
      const stat = statOf(`/proc/${pid}/task/${thread}/stat`);
      if (stat?.name.startsWith('DedicatedWorker') !== true) return [];
      const [user, system] = [Number(stat.fields[11]), Number(stat.fields[12])];
      return [[`${pid}/${thread}`, (user + system) * TICK] as const];
    });
  });
  return { memory: pids.reduce((sum, pid) => sum + memoryOf(pid), 0), workers: new Map(threads) };
}

function numbered(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    // The process has ended meanwhile.
    return [];
  }
}

function statOf(
  file: string,
): { readonly name: string; readonly fields: readonly string[] } | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
  } catch {
    return undefined;
  }
}

function memoryOf(pid: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss_Anon:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
