import { bytesToHex } from '../crypto/bytes.ts';
import { systemRandom } from './systemRandom.ts';

/**
 * A name for a file while it is written, before it gets its own: it says which process writes, so that what one leaves
 * that is killed can be told from what another is about to rename.
 *
 * @param name - What it will be called.
 */
export function arrivingName(name: string): string {
  return `${name}${ARRIVING}${process.pid}-${bytesToHex(systemRandom(6)).slice(2)}`;
}

/**
 * Names in a folder of files that were to get a name when their process was killed.
 *
 * @param names - All names in the folder.
 * @param name - The name that they were to get.
 */
export function leftBehind(names: readonly string[], name: string): readonly string[] {
  return names.filter((each) => {
    if (!each.startsWith(`${name}${ARRIVING}`)) return false;
    const [, pid] = /^(\d+)-[0-9a-f]{12}$/.exec(each.slice(name.length + ARRIVING.length)) ?? [];
    return pid !== undefined && !isRunning(Number(pid));
  });
}

const ARRIVING = '.arriving-';

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
