import type { Common } from '@ethereumjs/common';
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { LedgerRejection } from '../LedgerRejection.ts';

/** A signed transaction, read and its signer recovered, once. */
export interface SignedTransaction {
  readonly tx: TypedTransaction;
  readonly raw: Uint8Array;
  readonly hash: Uint8Array;
  readonly id: Bytes32;
  readonly from: Address;
  readonly nonce: number;
}

/** Blob transactions and code delegation have no place on a ledger without fees or wallets at the edge. */
const TYPES = new Set([0, 1, 2]);

/**
 * Reads a signed transaction.
 *
 * @param raw - RLP (EIP-155), or the envelope of type 1 or 2 (EIP-2930, EIP-1559).
 * @throws LedgerRejection -32000 if it is not one that this ledger takes.
 */
export function readTransaction(raw: Uint8Array, common: Common): SignedTransaction {
  const type = (raw[0] ?? 0) < 0x80 ? (raw[0] ?? 0) : 0;
  if (!TYPES.has(type)) throw new LedgerRejection(-32000, 'transaction type not supported');
  let tx: TypedTransaction;
  try {
    tx = createTxFromRLP(raw, { common });
  } catch (cause) {
    const other = String(cause).includes('chain');
    throw new LedgerRejection(
      -32000,
      other ? 'invalid chain id for signer' : 'invalid transaction',
    );
  }
  if (!tx.isSigned()) throw new LedgerRejection(-32000, 'invalid sender');
  if (type === 0 && (tx.v === 27n || tx.v === 28n)) {
    throw new LedgerRejection(-32000, 'only replay-protected (EIP-155) transactions allowed');
  }
  if (tx.nonce >= BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new LedgerRejection(-32000, 'nonce has max value');
  }
  let from: Address;
  try {
    from = bytesToHex(tx.getSenderAddress().bytes);
  } catch {
    throw new LedgerRejection(-32000, 'invalid sender');
  }
  const hash = tx.hash();
  return { tx, raw: tx.serialize(), hash, id: bytesToHex(hash), from, nonce: Number(tx.nonce) };
}
