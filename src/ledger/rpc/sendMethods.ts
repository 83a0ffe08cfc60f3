import { hexToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { requireNotAhead } from '../../protocol/evidence/requireNotAhead.ts';
import { GAS_LIMIT } from '../chain/limits.ts';
import { readTransaction } from '../chain/readTransaction.ts';
import type { Waiting } from '../chain/TransactionPool.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import type { LedgerContext, MethodTable } from './LedgerContext.ts';
import { MOST_DATA, readData } from './parameters.ts';
import { findReceipt } from './transactionMethods.ts';

/** Longest wait of `eth_sendRawTransactionSync`, also its default (EIP-7966), milliseconds. */
const MAX_WAIT = 10_000;

/** Sending. */
export const sendMethods: MethodTable = {
  eth_sendRawTransaction: async (ledger, [raw]) => (await submit(ledger, raw)).id,
  eth_sendRawTransactionSync: async (ledger, [raw, timeout]) => {
    const waiting = await submit(ledger, raw);
    if (waiting.nonce > ledger.pool.pendingNonce(waiting.from, nextNonce(ledger, waiting.from))) {
      throw new LedgerRejection(5, 'transaction waits for an earlier nonce', waiting.id);
    }
    await inTime(ledger, waiting, timeout);
    return findReceipt(ledger, waiting.id);
  },
};

async function submit(ledger: LedgerContext, raw: unknown): Promise<Waiting> {
  if (ledger.chain.store.stopped) throw new MedsealError('LEDGER_STOPPED', {});
  requireNotAhead(ledger.chain.head.header.timestamp, ledger.clock);
  // The words that other nodes use.
  if (typeof raw === 'string' && raw.length > 2 + 2 * MOST_DATA) {
    throw new LedgerRejection(-32000, 'oversized data');
  }
  const bytes = readData(raw, 'transaction');
  const transaction = readTransaction(bytes, ledger.chain.common);
  const { tx, from } = transaction;
  if (!(await ledger.maySend(from))) {
    throw new LedgerRejection(-32003, 'this ledger takes no transactions from this sender');
  }
  if (tx.gasLimit > BigInt(GAS_LIMIT)) throw new LedgerRejection(-32000, 'exceeds block gas limit');
  if (!tx.isValid()) throw new LedgerRejection(-32000, 'intrinsic gas too low');
  const account = ledger.chain.stateAt(ledger.chain.head.header).account(hexToBytes(from));
  const price = 'maxFeePerGas' in tx ? tx.maxFeePerGas : tx.gasPrice;
  if ((account?.balance ?? 0n) < tx.value + tx.gasLimit * price) {
    throw new LedgerRejection(-32000, 'insufficient funds for gas * price + value');
  }
  if (ledger.chain.store.locate(transaction.hash)) {
    throw new LedgerRejection(-32000, 'already known');
  }
  return ledger.accept(transaction, Number(account?.nonce ?? 0n));
}

function nextNonce({ chain }: LedgerContext, from: string): number {
  return Number(chain.stateAt(chain.head.header).account(hexToBytes(from))?.nonce ?? 0n);
}

async function inTime(ledger: LedgerContext, waiting: Waiting, timeout: unknown): Promise<void> {
  const asked = typeof timeout === 'string' ? Number(timeout) : timeout;
  const wait = typeof asked === 'number' && asked > 0 ? Math.min(asked, MAX_WAIT) : MAX_WAIT;
  const late = Promise.withResolvers<never>();
  const cancel = ledger.clock.after(wait, () => {
    late.reject(
      new LedgerRejection(4, `transaction has waited ${wait} ms for its block`, waiting.id),
    );
  });
  try {
    await Promise.race([waiting.settled, late.promise]);
  } finally {
    cancel();
  }
}
