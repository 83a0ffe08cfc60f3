import { readFileSync } from 'node:fs';

/** A tick of Linux's accounting, milliseconds. */
const TICK = 10;

/** Processor time that processes used so far, milliseconds; undefined if the system does not say. */
export function processorTime(pids: readonly number[]): number | undefined {
  try {
    const used = pids.map((pid) => {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK;
    });
    return used.reduce((sum, each) => sum + each, 0);
  } catch {
    // Another system than Linux.
    return undefined;
  }
}
