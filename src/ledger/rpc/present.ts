import { createTxFromRLP } from '@ethereumjs/tx';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Bytes32, Hex } from '../../protocol/ids.ts';
import type { Chain } from '../chain/Chain.ts';
import type { SignedTransaction } from '../chain/readTransaction.ts';
import type { StoredBlock } from '../chain/Header.ts';
import type { StoredLog, StoredReceipt } from '../store/StoredReceipt.ts';
import { toQuantity } from './parameters.ts';
import { logsBloom } from './logsBloom.ts';

/** A log as JSON-RPC shows it. */
export interface RpcLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly blockTimestamp: Hex;
  readonly transactionHash: Hex;
  readonly transactionIndex: Hex;
  readonly logIndex: Hex;
  readonly removed: boolean;
}

/** A block with what belongs to it, as far as it was read. */
export interface BlockAt {
  readonly number: number;
  readonly hash: Bytes32;
  readonly timestamp: number;
}

/** A block as JSON-RPC shows it, with whole transactions or with their hashes. */
export function presentBlock(
  chain: Chain,
  number: number,
  whole: boolean,
): Record<string, unknown> | null {
  const block = chain.block(number);
  const receipts = chain.store.receipts(number);
  if (block === undefined || receipts === undefined) return null;
  const at = blockAt(chain, block);
  return {
    ...block.fields,
    hash: at.hash,
    size: toQuantity(block.size),
    uncles: [],
    withdrawals: [],
    transactions: receipts.map((receipt, index) =>
      whole
        ? presentStored(chain, block.transactions[index], receipt, at, index)
        : bytesToHex(receipt.hash),
    ),
  };
}

/** What a block's transactions, receipts and logs repeat of it. */
export function blockAt(chain: Chain, block: StoredBlock): BlockAt {
  const { number, timestamp } = block.header;
  return { number, timestamp, hash: bytesToHex(chain.hashOf(number)) };
}

/** A transaction that is in a block. */
export function presentStored(
  chain: Chain,
  raw: Uint8Array | undefined,
  receipt: StoredReceipt,
  at: BlockAt,
  index: number,
): Record<string, unknown> {
  const tx = createTxFromRLP(raw ?? new Uint8Array(), { common: chain.common });
  const from = bytesToHex(receipt.from);
  return {
    ...presentTransaction(chain, { tx, id: bytesToHex(receipt.hash), from }),
    gasPrice: toQuantity(receipt.effectiveGasPrice),
    blockHash: at.hash,
    blockNumber: toQuantity(at.number),
    blockTimestamp: toQuantity(at.timestamp),
    transactionIndex: toQuantity(index),
  };
}

/** A transaction that waits. */
export function presentTransaction(
  chain: Chain,
  { tx, id, from }: Pick<SignedTransaction, 'tx' | 'id' | 'from'>,
): Record<string, unknown> {
  const { gasLimit, data, yParity, ...json } = tx.toJSON();
  const typed = tx.type !== 0;
  return {
    ...json,
    type: toQuantity(tx.type),
    chainId: toQuantity(chain.chainId),
    hash: id,
    from,
    to: tx.to ? bytesToHex(tx.to.bytes) : null,
    gas: gasLimit,
    gasPrice: json.gasPrice ?? json.maxFeePerGas,
    input: data,
    ...(typed ? { yParity: yParity ?? json.v, accessList: json.accessList ?? [] } : {}),
    blockHash: null,
    blockNumber: null,
    transactionIndex: null,
  };
}

/** All receipts of a block. */
export function presentReceipts(chain: Chain, number: number): Record<string, unknown>[] | null {
  const block = chain.block(number);
  const receipts = chain.store.receipts(number);
  if (block === undefined || receipts === undefined) return null;
  const at = blockAt(chain, block);
  return receipts.map((_, index) => presentReceipt(chain, receipts, at, index));
}

/** One receipt of a block. */
export function presentReceipt(
  chain: Chain,
  receipts: readonly StoredReceipt[],
  at: BlockAt,
  index: number,
): Record<string, unknown> {
  const receipt = receipts[index];
  if (receipt === undefined) throw new Error('A block has as many receipts as transactions.');
  const firstLog = receipts.slice(0, index).reduce((sum, { logs }) => sum + logs.length, 0);
  return {
    type: toQuantity(receipt.type),
    status: toQuantity(receipt.status),
    transactionHash: bytesToHex(receipt.hash),
    transactionIndex: toQuantity(index),
    blockHash: at.hash,
    blockNumber: toQuantity(at.number),
    from: bytesToHex(receipt.from),
    to: receipt.to ? bytesToHex(receipt.to) : null,
    contractAddress: receipt.contract ? bytesToHex(receipt.contract) : null,
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(receipt.effectiveGasPrice),
    logs: presentLogs(receipt, at, index, firstLog),
    logsBloom: bytesToHex(logsBloom(receipt.logs, chain.primitives)),
  };
}

/** A receipt's logs; `first` is the index in the block of the first. */
export function presentLogs(
  receipt: StoredReceipt,
  at: BlockAt,
  index: number,
  first: number,
): RpcLog[] {
  return receipt.logs.map(([address, topics, data]: StoredLog, offset) => ({
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
    blockNumber: toQuantity(at.number),
    blockHash: at.hash,
    blockTimestamp: toQuantity(at.timestamp),
    transactionHash: bytesToHex(receipt.hash),
    transactionIndex: toQuantity(index),
    logIndex: toQuantity(first + offset),
    removed: false,
  }));
}
