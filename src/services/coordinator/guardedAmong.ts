import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { GUARDED_HEADER_LENGTH, isGuardedHeader } from '../../crypto/threshold/isGuardedHeader.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { SMALL_FILE, type FileIdentity, type Vault } from '../../vault/Vault.ts';

/**
 * Finds the sealed files that open by a release alone: whose header has the stanza of the channel's key, the patient's own, and no
 * other. Whom they are sealed to nobody can see.
 *
 * @param vault - Vault that has the files.
 * @param key - The channel's release key.
 * @param files - SHA-256 of each file, and its size in bytes.
 * @returns Hashes of those that do.
 * @throws MedsealError as the vault's reads do.
 */
export async function guardedAmong(
  vault: Pick<Vault, 'get' | 'small'>,
  key: ChannelKey,
  files: readonly FileIdentity[],
): Promise<ReadonlySet<Bytes32>> {
  const small = files.filter(({ size }) => size <= SMALL_FILE).map(({ hash }) => hash);
  const contents = await vault.small(small);
  const known = new Map(small.map((hash, place) => [hash, contents[place]]));
  const guarded = new Set<Bytes32>();
  for (const { hash, size } of files) {
    const beginning = known.get(hash) ?? (await beginningOf(vault, hash, size));
    if (isGuardedHeader(beginning, key.id)) guarded.add(hash);
  }
  return guarded;
}

async function beginningOf(
  vault: Pick<Vault, 'get'>,
  hash: Bytes32,
  size: number,
): Promise<Uint8Array> {
  const to = Math.min(size, GUARDED_HEADER_LENGTH);
  return await collectBytes(vault.get(hash, { from: 0, to }));
}
