import { lstat } from 'node:fs/promises';
import { openSharedFolder } from '../folder/openFolder.ts';
import { readLaterKeys, type KeyPorts, type LaterKeys } from '../folder/organisationKeys.ts';

const LATER = /^keys-([1-9]\d{0,8})\.json$/;
const NOTHING: LaterKeys = { seats: [], senders: [], tls: [], notes: [] };

/**
 * Examines the keys that were made after an organisation's first ones, `keys-2.json` and so on, in its folder as a node or
 * as a member of the authority.
 *
 * @param folder - The folder.
 * @param ports - Hashes and the curve, and protection of keys on disk.
 * @param say - Called with the name of each file that has a fault.
 * @returns The keys that can be read.
 */
export async function examineLaterKeys(
  folder: string,
  ports: KeyPorts,
  say: (file: string, what: string) => void,
): Promise<LaterKeys> {
  const files = await openSharedFolder(folder);
  const names = (await files.list('')).filter((name) => LATER.test(name));
  for (const name of ['keys.json', ...names]) {
    const wrong = await findExposure(`${folder}/${name}`);
    if (wrong !== undefined) say(name, wrong);
  }
  // They are read up to the first one that is not there.
  for (let place = 2; place < 2 + names.length; place += 1) {
    const expected = `keys-${place}.json`;
    if (names.includes(expected)) continue;
    say(expected, 'it is lost');
    return NOTHING;
  }
  try {
    return await readLaterKeys(files, ports);
  } catch {
    say(names.length === 1 ? (names[0] ?? '') : 'keys-2.json and so on', 'it was altered');
    return NOTHING;
  }
}

/** Returns why somebody else than the owner of the process could read or replace a file. */
async function findExposure(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) return 'it is not a file';
  if ((found.mode & 0o077) !== 0) return 'others on this machine may read it: make its mode 600';
  const { geteuid } = process;
  return geteuid === undefined || found.uid === geteuid()
    ? undefined
    : 'it belongs to another user';
}
