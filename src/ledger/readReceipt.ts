import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';

/** Result of a transaction. */
export interface TransactionReceipt {
  /** The transaction's hash. */
  readonly transaction: Bytes32;
  /** The number of its block. */
  readonly block: number;
  /** The contract that it created. */
  readonly contract?: Address;
  /** Its logs, as JSON-RPC has them. */
  readonly logs: readonly unknown[];
}

/**
 * Reads a receipt as JSON-RPC has it.
 *
 * @param value - The ledger's answer, which may be malformed.
 * @param transaction - The hash that it must be of.
 * @returns The receipt, and whether the transaction did what it was to do.
 * @throws MedsealError `PEER_MALFORMED` if it is not one, or is of another transaction.
 */
export function readReceipt(
  value: unknown,
  transaction: Bytes32,
): { receipt: TransactionReceipt; succeeded: boolean } {
  const found = (value ?? {}) as Record<string, unknown>;
  const { transactionHash, blockNumber, status, logs, contractAddress } = found;
  const block = typeof blockNumber === 'string' ? Number(blockNumber) : NaN;
  const sound =
    typeof transactionHash === 'string' &&
    transactionHash.toLowerCase() === transaction &&
    Number.isSafeInteger(block) &&
    (status === '0x0' || status === '0x1') &&
    Array.isArray(logs) &&
    (contractAddress === undefined || contractAddress === null || isAddress(contractAddress));
  if (!sound) throw new MedsealError('PEER_MALFORMED', { what: 'receipt' });
  const contract = isAddress(contractAddress)
    ? (contractAddress.toLowerCase() as Address)
    : undefined;
  return {
    succeeded: status === '0x1',
    receipt: { transaction, block, logs, ...(contract ? { contract } : {}) },
  };
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value);
}
