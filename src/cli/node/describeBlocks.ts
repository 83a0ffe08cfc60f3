import type { Configuration } from '../../node/configuration/Configuration.ts';
import { keepersNeeded } from '../../node/validator/Keepers.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Describes which blocks an organisation's validator keeps, in plain words.
 *
 * @param network - The network file.
 * @param settings - The validator's.
 * @returns No sentence if one organisation's node keeps the ledger.
 */
export function describeBlocks(
  network: Pick<NetworkFile, 'channels' | 'contracts'>,
  { keepBlocks, begin }: Pick<Configuration['validator'], 'keepBlocks' | 'begin'>,
): readonly string[] {
  if (network.contracts.validators === undefined) return [];
  const needed = keepersNeeded(network);
  const others = needed === 1 ? 'one other organisation keeps' : `${needed} others keep`;
  if (keepBlocks !== undefined) {
    return [
      `Its validator keeps the newest ${keepBlocks} blocks and those of the last 22 days, as long as ${others} all blocks: older ones are read there.`,
    ];
  }
  const kept = begin === 'blocks' ? 'all blocks' : 'all blocks that it fetches';
  return [
    `Its validator keeps ${kept}: ${needed} organisations that do so let the others remove theirs.`,
  ];
}
