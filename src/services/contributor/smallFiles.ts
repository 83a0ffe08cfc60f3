import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Vault } from '../../vault/Vault.ts';
import { MOST_SMALL } from './holdFiles.ts';

/**
 * Reads small files of a vault, as many as fit in one answer.
 *
 * @param vault - The vault.
 * @param hashes - Hashes of the files.
 * @returns In their order; null for a file that is absent, damaged, or not small.
 */
export async function smallFiles(
  vault: Vault,
  hashes: readonly Bytes32[],
): Promise<readonly (Base64 | null)[]> {
  const found = await vault.small(hashes.slice(0, MOST_SMALL));
  return found.map((bytes) => (bytes === undefined ? null : Buffer.from(bytes).toString('base64')));
}
