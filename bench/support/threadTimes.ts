import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a process's threads, by their names, µs. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** A tick of Linux's accounting, µs. */
const TICK = 10_000;

/** Time that the threads of this process have used so far; empty if the system does not say. */
export function threadTimes(): ThreadTimes {
  const times = new Map<string, number>();
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      const end = text.lastIndexOf(')');
      const name = thread === String(process.pid) ? 'main' : text.slice(text.indexOf('(') + 1, end);
      const fields = text.slice(end + 2).split(' ');
      const used = (Number(fields[11]) + Number(fields[12])) * TICK;
      times.set(name, (times.get(name) ?? 0) + used);
    }
  } catch {
    // Another system than Linux, or a thread that ended meanwhile.
  }
  return times;
}

/** Time used between two looks, each divided by a count, µs; threads that used next to nothing are left out. */
export function timesBetween(
  before: ThreadTimes,
  after: ThreadTimes,
  count: number,
): Record<string, number> {
  const used = [...after].map(
    ([name, time]) => [name, Math.round((time - (before.get(name) ?? 0)) / count)] as const,
  );
  return Object.fromEntries(used.filter(([, each]) => each > 1).toSorted(([, a], [, b]) => b - a));
}
