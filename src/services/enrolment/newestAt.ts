import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Number of blocks, and of seconds, by which a block may be before the newest one and still be told as among the newest. */
const LATEST = { blocks: 200, seconds: 60 } as const;

/**
 * Returns a block of the organisation's own ledger, if it is among the newest there: nobody is told an old one as new.
 *
 * @param context - The organisation's context, whose index is up to date.
 * @param height - The block's number, not trusted.
 * @throws MedsealError of the ledger.
 */
export async function newestAt(
  { index }: Pick<ServiceContext, 'index'>,
  height: number,
): Promise<BlockFacts | undefined> {
  const { block, blockTime } = index;
  if (height < 0 || height > block || height < block - LATEST.blocks) return undefined;
  const found = await index.blockAt(height);
  return found !== undefined && found.time >= blockTime - LATEST.seconds ? found : undefined;
}
