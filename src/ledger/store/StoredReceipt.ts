import { RLP } from '@ethereumjs/rlp';
import { fromBigEndian } from './keys.ts';

/** A log: address, topics, data. */
export type StoredLog = readonly [Uint8Array, readonly Uint8Array[], Uint8Array];

/** A transaction's outcome as the ledger keeps it, enough to answer for it without reading the transaction. */
export interface StoredReceipt {
  readonly hash: Uint8Array;
  /** EIP-2718 type; 0 for a legacy transaction. */
  readonly type: number;
  readonly status: 0 | 1;
  readonly from: Uint8Array;
  /** Undefined if the transaction creates a contract. */
  readonly to: Uint8Array | undefined;
  /** The contract that was created. */
  readonly contract: Uint8Array | undefined;
  readonly gasUsed: number;
  readonly cumulativeGasUsed: number;
  readonly effectiveGasPrice: bigint;
  readonly logs: readonly StoredLog[];
}

/** A block's receipts in RLP, the form that they have on disk. */
export function encodeReceipts(receipts: readonly StoredReceipt[]): Uint8Array {
  return RLP.encode(
    receipts.map((receipt) => [
      receipt.hash,
      receipt.type,
      receipt.status,
      receipt.from,
      receipt.to ?? NONE,
      receipt.contract ?? NONE,
      receipt.gasUsed,
      receipt.cumulativeGasUsed,
      receipt.effectiveGasPrice,
      receipt.logs.map(([address, topics, data]) => [address, [...topics], data]),
    ]),
  );
}

/** Reads what `encodeReceipts` wrote. */
export function decodeReceipts(bytes: Uint8Array): StoredReceipt[] {
  return (RLP.decode(bytes) as unknown as Row[]).map(
    ([hash, type, status, from, to, contract, gasUsed, cumulative, price, logs]) => ({
      hash,
      type: fromBigEndian(type),
      status: status.length === 1 ? 1 : 0,
      from,
      to: to.length === 20 ? to : undefined,
      contract: contract.length === 20 ? contract : undefined,
      gasUsed: fromBigEndian(gasUsed),
      cumulativeGasUsed: fromBigEndian(cumulative),
      effectiveGasPrice: BigInt(`0x0${Buffer.from(price).toString('hex')}`),
      logs,
    }),
  );
}

const NONE = new Uint8Array();

type Row = [
  ...[Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array],
  ...[Uint8Array, Uint8Array, Uint8Array, Uint8Array],
  StoredLog[],
];
