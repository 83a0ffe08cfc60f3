import type { LedgerCall, LedgerRead } from '../../protocol/network/LedgerCall.ts';

/** Cost of each method beside that of any request; logs cost more for each block. */
const COSTS: Readonly<Record<LedgerRead, number>> = {
  eth_blockNumber: 1,
  eth_chainId: 1,
  eth_getBlockByHash: 4,
  eth_getBlockByNumber: 4,
  eth_getCode: 8,
  eth_getLogs: 8,
  eth_getTransactionByHash: 4,
  eth_getTransactionReceipt: 4,
};
/** A block with its whole transactions costs so many times as much. */
const WHOLE = 8;
/** Blocks that a node verifies for its logs, for one request more. */
const BLOCKS = 4;

/**
 * Returns the further cost of a call that reads the ledger, in its caller's rate limit.
 *
 * @param call - The call. If it is malformed, the agent refuses it later.
 */
export function costOfLedgerRead({ method, params }: LedgerCall): number {
  const cost = COSTS[method];
  const [first, second] = params;
  if (method === 'eth_getLogs') return cost + blocksIn(first) / BLOCKS;
  const isWhole = method.startsWith('eth_getBlockBy') && second === true;
  return isWhole ? cost * WHOLE : cost;
}

function blocksIn(filter: unknown): number {
  const { fromBlock, toBlock } = (filter ?? {}) as Readonly<Record<string, unknown>>;
  const blocks = Number(toBlock) - Number(fromBlock);
  return blocks > 0 ? blocks : 0;
}
