import { hexToBytes } from '../../crypto/bytes.ts';
import { blockNumber, numberOfHash } from './findBlock.ts';
import type { LedgerContext, MethodTable } from './LedgerContext.ts';
import { readBytes32, readQuantity, toQuantity } from './parameters.ts';
import { presentBlock, presentReceipt } from './present.ts';

/** Blocks, and what is counted in them. */
export const blockMethods: MethodTable = {
  eth_getBlockByNumber: (ledger, [tag, whole]) =>
    ifFound(byTag(ledger, tag), (number) => presentBlock(ledger.chain, number, whole === true)),
  eth_getBlockByHash: (ledger, [hash, whole]) =>
    ifFound(byHash(ledger, hash), (number) => presentBlock(ledger.chain, number, whole === true)),
  eth_getBlockReceipts: (ledger, [tag]) =>
    ifFound(byTag(ledger, tag), (number) => receiptsOf(ledger, number)),
  eth_getBlockTransactionCountByNumber: (ledger, [tag]) =>
    ifFound(byTag(ledger, tag), (number) => countTransactions(ledger, number)),
  eth_getBlockTransactionCountByHash: (ledger, [hash]) =>
    ifFound(byHash(ledger, hash), (number) => countTransactions(ledger, number)),
  eth_getUncleCountByBlockNumber: (ledger, [tag]) => ifFound(byTag(ledger, tag), () => '0x0'),
  eth_getUncleCountByBlockHash: (ledger, [hash]) => ifFound(byHash(ledger, hash), () => '0x0'),
  eth_getUncleByBlockNumberAndIndex: (_, [, index]) => noUncle(index),
  eth_getUncleByBlockHashAndIndex: (_, [, index]) => noUncle(index),
};

/** The number that a tag names, with the last block for `pending`: nothing is known of the one to come. */
export function byTag(ledger: LedgerContext, tag: unknown): number | undefined {
  const number = blockNumber(ledger, tag);
  return number === 'pending' ? ledger.chain.head.header.number : number;
}

/** The number of the block with a hash. */
export function byHash(ledger: LedgerContext, hash: unknown): number | undefined {
  return numberOfHash(ledger, hexToBytes(readBytes32(hash, 'block hash')));
}

/** Returns the result for a block that is found, or null. */
export function ifFound<Result>(
  number: number | undefined,
  find: (number: number) => Result,
): Result | null {
  return number === undefined ? null : find(number);
}

function receiptsOf({ chain }: LedgerContext, number: number): unknown {
  const block = chain.block(number);
  return block ? block.receipts.map((_, index) => presentReceipt(chain, block, index)) : null;
}

function countTransactions({ chain }: LedgerContext, number: number): string | null {
  const block = chain.block(number);
  return block ? toQuantity(block.transactions.length) : null;
}

function noUncle(index: unknown): null {
  readQuantity(index, 'uncle index');
  return null;
}
