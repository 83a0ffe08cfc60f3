import { encodeReceipt, type RunTxResult } from '@ethereumjs/vm';
import type { StoredReceipt } from '../store/StoredReceipt.ts';
import { orderedRoot } from '../trie/orderedRoot.ts';
import type { Chain } from './Chain.ts';
import { encodeBlock, encodeHeader, type Header } from './Header.ts';
import { GAS_LIMIT } from './limits.ts';
import type { Machine } from './Machine.ts';
import { unionOf } from './outcomeOf.ts';
import type { SignedTransaction } from './readTransaction.ts';

/** A transaction that ran in the block at hand. */
export interface Executed<T extends SignedTransaction = SignedTransaction> {
  readonly transaction: T;
  readonly result: RunTxResult;
  readonly receipt: StoredReceipt;
}

/**
 * Makes a block of transactions that ran on the state of the last one; it is on disk once this resolves.
 *
 * @param chain - Chain that it is appended to.
 * @param machine - Machine whose state they changed.
 * @param executed - In their order.
 * @param timestamp - Unix seconds.
 */
export async function appendBlock(
  chain: Chain,
  { state }: Machine,
  executed: readonly Executed[],
  timestamp: number,
): Promise<void> {
  const { head, store, primitives } = chain;
  const number = head.header.number + 1;
  const sealed = state.seal();
  const transactions = executed.map(({ transaction }) => transaction.raw);
  const header: Header = {
    number,
    parentHash: head.hash,
    stateRoot: sealed.root,
    transactionsRoot: orderedRoot(transactions, primitives),
    receiptsRoot: orderedRoot(
      executed.map(({ result, transaction }) => encodeReceipt(result.receipt, transaction.tx.type)),
      primitives,
    ),
    logsBloom: unionOf(executed.map(({ result }) => result.bloom.bitvector)),
    gasLimit: GAS_LIMIT,
    gasUsed: executed.at(-1)?.receipt.cumulativeGasUsed ?? 0,
    timestamp,
    extraData: new Uint8Array(),
  };
  const encoded = encodeHeader(header);
  const hash = primitives.keccak256(encoded);
  await store.write({
    number,
    hash,
    block: encodeBlock(encoded, transactions),
    transactions: executed.map(({ transaction }) => transaction.hash),
    receipts: executed.map(({ receipt }) => receipt),
    nodes: sealed.nodes,
    codes: sealed.codes,
  });
  sealed.adopt();
  chain.advance({ header, hash });
}
