import { concatBytes } from '../../crypto/bytes.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Vault } from '../../vault/Vault.ts';
import { MOST_SMALL, SMALL } from './holdFiles.ts';

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
  const asked = hashes.slice(0, MOST_SMALL);
  const found = await vault.stats(asked);
  const small = new Set(found.filter(({ size }) => size <= SMALL).map(({ hash }) => hash));
  return await Promise.all(
    asked.map(async (hash) => (small.has(hash) ? await read(vault, hash).catch(() => null) : null)),
  );
}

async function read(vault: Vault, hash: Bytes32): Promise<Base64> {
  const parts: Uint8Array[] = [];
  for await (const part of vault.get(hash)) parts.push(part);
  return Buffer.from(concatBytes(...parts)).toString('base64');
}
