import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Vault } from '../../vault/Vault.ts';
import { MOST_SMALL } from './holdFiles.ts';

/**
 * Reads small files of a vault, as many as go at a time.
 *
 * @param vault - The vault.
 * @param hashes - Which.
 * @returns In their order; null for what is not there, damaged, or not small.
 */
export async function smallFiles(
  vault: Vault,
  hashes: readonly Bytes32[],
): Promise<readonly (Base64 | null)[]> {
  const found = await vault.small(hashes.slice(0, MOST_SMALL));
  return found.map((bytes) => (bytes === undefined ? null : Buffer.from(bytes).toString('base64')));
}
