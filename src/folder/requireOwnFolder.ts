import { existsSync } from 'node:fs';
import { MedsealError } from '../errors/MedsealError.ts';
import { isOwnFolder } from './isOwnFolder.ts';

/**
 * Requires of folders that hold a person's keys, or the network file that the person trusts, that nobody else can write
 * to them: whoever writes there decides whom the person trusts, and which letters and rights the device knows.
 *
 * @param paths - The folders; those that are not there yet are made with mode 0700.
 * @throws MedsealError `FOLDER_EXPOSED`.
 */
export function requireOwnFolder(...paths: readonly string[]): void {
  for (const path of paths) {
    // The administrator can read and write everything anyway, and is given folders of others in a container.
    if (existsSync(path) && !isOwnFolder(path, process.getuid?.() === 0))
      throw new MedsealError('FOLDER_EXPOSED', { path });
  }
}
