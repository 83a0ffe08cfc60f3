import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityIn } from '../bindings/quantityIn.ts';
import { quantityOf } from '../bindings/quantityOf.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';

/** A transaction that was signed and handed over. */
export interface HandedOver {
  readonly account: Address;
  readonly nonce: number;
  readonly hash: Bytes32;
}

/**
 * Tells whether a block has another transaction with the nonce of one that was handed over. Only the block that used the
 * nonce says so: a receipt that does not come may still come.
 *
 * @param provider - The ledger.
 * @param sent - The transaction.
 * @returns False if none is there, if it is the transaction itself, or if the ledger does not show the block yet.
 * @throws MedsealError `PEER_MALFORMED`; errors of the provider, such as that it removed the states of former blocks.
 */
export async function isUsedByAnother(
  provider: LedgerProvider,
  { account, nonce, hash }: HandedOver,
): Promise<boolean> {
  const head = quantityIn(await provider.request({ method: 'eth_blockNumber' }), 'block number');
  if (!(await isUsedAt(head))) return false;
  // The first block after which the nonce is used: back in steps that double, then by halves.
  let [unused, used] = [head, head];
  for (let step = 1; unused === used; step *= 2) {
    unused = Math.max(head - step, 0);
    if (unused > 0 && (await isUsedAt(unused))) used = unused;
  }
  while (used - unused > 1) {
    const middle = Math.floor((unused + used) / 2);
    if (await isUsedAt(middle)) used = middle;
    else unused = middle;
  }
  const params = [quantityOf(used), false];
  const block = await provider.request({ method: 'eth_getBlockByNumber', params });
  const { transactions } = (block ?? {}) as { readonly transactions?: unknown };
  if (!Array.isArray(transactions)) return false;
  return !transactions.some((each) => typeof each === 'string' && each.toLowerCase() === hash);

  async function isUsedAt(number: number): Promise<boolean> {
    const at = [account, quantityOf(number)];
    const count = await provider.request({ method: 'eth_getTransactionCount', params: at });
    return quantityIn(count, 'nonce') > nonce;
  }
}
