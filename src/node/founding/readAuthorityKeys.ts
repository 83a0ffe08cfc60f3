import { readdir } from 'node:fs/promises';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { KeyGuard } from '../../folder/keyGuard.ts';
import { openAuthorityKey, type AccountKey } from '../../folder/organisationKeys.ts';
import { systemRandom } from '../../folder/systemRandom.ts';

/** The key of a member of the authority. */
export interface MemberKey extends AccountKey {
  readonly organisation: Organisation;
}

/**
 * Reads the keys of the authority's members that are on this machine, as those of a demonstration are.
 *
 * @param path - The folder that holds a folder for each member.
 * @param primitives - Hashes and the curve.
 * @param guard - Protection of the keys on disk; plain files if absent.
 * @returns Each with its organisation; empty if there is no such folder.
 * @throws MedsealError `FOLDER_FOREIGN` if a member's folder holds no key; none is made.
 */
export async function readAuthorityKeys(
  path: string,
  primitives: Primitives,
  guard?: KeyGuard,
): Promise<readonly MemberKey[]> {
  const names = await readdir(path).catch((): string[] => []);
  const keys: MemberKey[] = [];
  for (const name of names.toSorted()) {
    const files = await openFolder(`${path}/${name}`);
    if ((await files.size('keys.json')) === undefined) {
      throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: 'it holds no key' });
    }
    const options = { primitives, random: systemRandom, ...(guard && { guard }) };
    keys.push({ organisation: name, ...(await openAuthorityKey(files, options)) });
  }
  return keys;
}
