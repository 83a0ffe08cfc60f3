import { readFile } from 'node:fs/promises';

/** Resident memory of a process, in bytes. */
export interface MemoryOfProcess {
  readonly now: number;
  /** The largest that it was. */
  readonly peak: number;
}

/**
 * Reads how much memory a process takes up; on Linux alone.
 *
 * @param process - The process.
 */
export async function memoryOf({
  pid,
}: {
  readonly pid?: number | undefined;
}): Promise<MemoryOfProcess> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { now: bytesOf('VmRSS'), peak: bytesOf('VmHWM') };
}
