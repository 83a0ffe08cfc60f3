import { readdir } from 'node:fs/promises';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { openFolder } from '../vault/openFolder.ts';
import { openAuthorityKey, type AccountKey } from './organisationKeys.ts';
import { systemRandom } from './systemRandom.ts';

/**
 * Reads the keys of the authority's members where they lie on this machine, as those of a demonstration do.
 *
 * @param path - The folder that holds a folder for each member.
 * @param primitives - Hashes and the curve.
 * @returns None where there is no such folder.
 * @throws MedsealError `FOLDER_FOREIGN` where a member's folder holds no key; none is made.
 */
export async function readAuthorityKeys(
  path: string,
  primitives: Primitives,
): Promise<readonly AccountKey[]> {
  const names = await readdir(path).catch((): string[] => []);
  const keys: AccountKey[] = [];
  for (const name of names.toSorted()) {
    const files = await openFolder(`${path}/${name}`);
    if ((await files.size('keys.json')) === undefined) {
      throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: 'it holds no key' });
    }
    keys.push(await openAuthorityKey(files, { primitives, random: systemRandom }));
  }
  return keys;
}
