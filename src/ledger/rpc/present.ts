import { createTxFromRLP } from '@ethereumjs/tx';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Chain, WholeBlock } from '../chain/Chain.ts';
import type { SignedTransaction } from '../chain/readTransaction.ts';
import { toQuantity } from './parameters.ts';
import { logsBloom } from './logsBloom.ts';

/** A log as JSON-RPC shows it. */
export interface RpcLog extends Readonly<Record<string, unknown>> {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** A block as JSON-RPC shows it, with whole transactions or with their hashes. */
export function presentBlock(
  chain: Chain,
  number: number,
  whole: boolean,
): Record<string, unknown> | null {
  const block = chain.block(number);
  if (block === undefined) return null;
  return {
    ...block.fields,
    hash: bytesToHex(block.hash),
    size: toQuantity(block.size),
    uncles: [],
    withdrawals: [],
    transactions: block.receipts.map(({ hash }, index) =>
      whole ? presentStored(chain, block, index) : bytesToHex(hash),
    ),
  };
}

/** A transaction that is in a block; null if the block has none of the index. */
export function presentStored(
  chain: Chain,
  block: WholeBlock,
  index: number,
): Record<string, unknown> | null {
  const receipt = block.receipts[index];
  const raw = block.transactions[index];
  if (receipt === undefined || raw === undefined) return null;
  const tx = createTxFromRLP(raw, { common: chain.common });
  const from = bytesToHex(receipt.from);
  return {
    ...presentTransaction(chain, { tx, id: bytesToHex(receipt.hash), from }),
    gasPrice: toQuantity(receipt.effectiveGasPrice),
    ...placeOf(block, index),
  };
}

/** Fields that a block's transactions, receipts and logs repeat of it. */
function placeOf({ hash, header }: WholeBlock, index: number): Record<string, Hex> {
  return {
    blockHash: bytesToHex(hash),
    blockNumber: toQuantity(header.number),
    blockTimestamp: toQuantity(header.timestamp),
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

/** A transaction's receipt; null if the block has none of the index. */
export function presentReceipt(
  chain: Chain,
  block: WholeBlock,
  index: number,
): Record<string, unknown> | null {
  const receipt = block.receipts[index];
  if (receipt === undefined) return null;
  return {
    type: toQuantity(receipt.type),
    status: toQuantity(receipt.status),
    transactionHash: bytesToHex(receipt.hash),
    ...placeOf(block, index),
    from: bytesToHex(receipt.from),
    to: receipt.to ? bytesToHex(receipt.to) : null,
    contractAddress: receipt.contract ? bytesToHex(receipt.contract) : null,
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(receipt.effectiveGasPrice),
    logs: presentLogs(block, index),
    logsBloom: bytesToHex(logsBloom(receipt.logs, chain.primitives)),
  };
}

/** A transaction's logs. */
export function presentLogs(block: WholeBlock, index: number): RpcLog[] {
  const before = block.receipts.slice(0, index);
  const first = before.reduce((sum, { logs }) => sum + logs.length, 0);
  const receipt = block.receipts[index];
  if (receipt === undefined) return [];
  const place = { ...placeOf(block, index), transactionHash: bytesToHex(receipt.hash) };
  return receipt.logs.map(([address, topics, data], offset) => ({
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
    ...place,
    logIndex: toQuantity(first + offset),
    removed: false,
  }));
}
