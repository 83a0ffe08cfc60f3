import type { RunTxResult } from '@ethereumjs/vm';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { StoredReceipt } from '../store/StoredReceipt.ts';
import type { SignedTransaction } from './readTransaction.ts';

/**
 * Returns what the ledger keeps of a transaction's outcome.
 *
 * @param transaction - The transaction.
 * @param result - Its result.
 * @param cumulativeGasUsed - Gas used by it and those before it in the block.
 */
export function outcomeOf(
  transaction: SignedTransaction,
  result: RunTxResult,
  cumulativeGasUsed: number,
): StoredReceipt {
  const gasUsed = Number(result.totalGasSpent);
  return {
    hash: transaction.hash,
    type: transaction.tx.type,
    status: result.execResult.exceptionError === undefined ? 1 : 0,
    from: hexToBytes(transaction.from),
    to: transaction.tx.to?.bytes,
    contract: result.createdAddress?.bytes,
    gasUsed,
    cumulativeGasUsed,
    effectiveGasPrice: result.totalGasSpent === 0n ? 0n : result.amountSpent / result.totalGasSpent,
    logs: result.execResult.logs ?? [],
  };
}

/** The bloom filter of a block, from those of its transactions; 256 bytes each. */
export function unionOf(blooms: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(256);
  for (const bloom of blooms)
    bloom.forEach((byte, index) => (all[index] = (all[index] ?? 0) | byte));
  return all;
}
