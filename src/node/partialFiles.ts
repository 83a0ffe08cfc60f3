import { bytesToHex } from '../crypto/bytes.ts';
import { systemRandom } from './systemRandom.ts';

/** What stands behind a file's name while it is written, as the source of a regular expression; it captures the process. */
export const PARTIAL_SUFFIX = String.raw`\.arriving-(\d+)-[0-9a-f]{12}`;

/**
 * A name for a file while it is written, before it gets its own: it says which process writes, so that what one leaves
 * that is killed can be told from what another is about to rename.
 *
 * @param name - What it will be called.
 */
export function partialName(name: string): string {
  return `${name}.arriving-${process.pid}-${bytesToHex(systemRandom(6)).slice(2)}`;
}

/**
 * Names in a folder of files that were to get a name when their process was killed.
 *
 * @param names - All names in the folder.
 * @param name - The name that they were to get.
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
