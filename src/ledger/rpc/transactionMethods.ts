import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { byHash, byTag, ifFound } from './blockMethods.ts';
import type { LedgerContext, MethodTable } from './LedgerContext.ts';
import { readBytes32, readQuantity } from './parameters.ts';
import { presentReceipt, presentStored, presentTransaction } from './present.ts';

/** Transactions and their receipts. */
export const transactionMethods: MethodTable = {
  eth_getTransactionByHash: (ledger, [hash]) => {
    const id = readBytes32(hash, 'transaction hash');
    const found = ledger.chain.store.locate(hexToBytes(id));
    if (found) return transactionAt(ledger, found.number, found.index);
    const waiting = ledger.pool.get(id);
    return waiting ? presentTransaction(ledger.chain, waiting) : null;
  },
  eth_getTransactionByBlockNumberAndIndex: (ledger, [tag, index]) =>
    ifFound(byTag(ledger, tag), (number) => transactionAt(ledger, number, readIndex(index))),
  eth_getTransactionByBlockHashAndIndex: (ledger, [hash, index]) =>
    ifFound(byHash(ledger, hash), (number) => transactionAt(ledger, number, readIndex(index))),
  eth_getRawTransactionByHash: (ledger, [hash]) => {
    const id = readBytes32(hash, 'transaction hash');
    const found = ledger.chain.store.locate(hexToBytes(id));
    const raw = found
      ? ledger.chain.block(found.number)?.transactions[found.index]
      : ledger.pool.get(id)?.raw;
    return raw ? bytesToHex(raw) : null;
  },
  eth_getTransactionReceipt: (ledger, [hash]) => findReceipt(ledger, hash),
};

/** A transaction's receipt as JSON-RPC shows it; null before its block is on disk. */
export function findReceipt(ledger: LedgerContext, hash: unknown): Record<string, unknown> | null {
  const found = ledger.chain.store.locate(hexToBytes(readBytes32(hash, 'transaction hash')));
  if (found === undefined) return null;
  const block = ledger.chain.block(found.number);
  return block ? presentReceipt(ledger.chain, block, found.index) : null;
}

function transactionAt(
  { chain }: LedgerContext,
  number: number,
  index: number,
): Record<string, unknown> | null {
  const block = chain.block(number);
  return block ? presentStored(chain, block, index) : null;
}

function readIndex(value: unknown): number {
  return readQuantity(value, 'transaction index');
}
