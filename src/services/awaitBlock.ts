import type { ServiceContext } from './ServiceContext.ts';

/** Longest wait for a block, milliseconds. */
const PATIENCE = 3000;
/** Time between two looks, milliseconds. */
const STEP = 50;
/** Number of blocks by which another's validator may be ahead of one's own; no honest one names a block beyond. */
const FAR = 10;

/**
 * Brings an organisation's index up to date. If validators hold the ledger, it also waits a moment for a block that
 * another organisation has already seen: the validators have a new block at different times.
 *
 * @param context - The organisation's context.
 * @param block - The newest block that bodies name; not trusted.
 * @throws MedsealError `LEDGER_UNREACHABLE`.
 */
export async function awaitBlock(
  { index, clock, network }: Pick<ServiceContext, 'index' | 'clock' | 'network'>,
  block: number,
): Promise<void> {
  await index.refresh();
  if (network.ledger.chain === undefined) return;
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    if (index.block >= block || block - index.block > FAR) return;
    await new Promise<void>((resolve) => void clock.after(STEP, resolve));
    await index.refresh();
  }
}
