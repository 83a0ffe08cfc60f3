import { bytesToHex } from '../crypto/bytes.ts';
import { systemRandom } from './systemRandom.ts';

/** Ending of a file's name while it is written, as the source of a regular expression; it captures the process id. */
export const PARTIAL_SUFFIX = String.raw`\.arriving-(\d+)-[0-9a-f]{12}`;

/**
 * Makes a name for a file while it is written. It names the process that writes, so that a file left by a killed
 * process can be told from one that another process is about to rename.
 *
 * @param name - The final name.
 */
export function partialName(name: string): string {
  return `${name}.arriving-${process.pid}-${bytesToHex(systemRandom(6)).slice(2)}`;
}

/**
 * Finds files in a folder that were to get a name when their process was killed.
 *
 * @param names - All names in the folder.
 * @param name - The final name of the files.
 */
export function leftBehind(names: readonly string[], name: string): readonly string[] {
  return names.filter((each) => {
    if (!each.startsWith(name)) return false;
    const [, pid] = SUFFIX.exec(each.slice(name.length)) ?? [];
    return pid !== undefined && !isRunning(Number(pid));
  });
}

const SUFFIX = new RegExp(`^${PARTIAL_SUFFIX}$`);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
