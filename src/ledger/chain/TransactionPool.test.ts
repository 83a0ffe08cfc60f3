import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { Address } from '../../protocol/ids.ts';
import { signTransaction } from '../signTransaction.ts';
import { createCommon } from './createCommon.ts';
import { readTransaction, type SignedTransaction } from './readTransaction.ts';
import { TransactionPool } from './TransactionPool.ts';

const common = createCommon(4242, portablePrimitives);
const known = new Map<string, SignedTransaction>();

/** A transaction of one of a few senders. */
function transaction(who: number, nonce: number, fee = 0): SignedTransaction {
  const name = `${who} ${nonce} ${fee}`;
  const made =
    known.get(name) ??
    readTransaction(
      signTransaction(
        { chainId: 4242, nonce, gas: 100_000, fee: BigInt(fee), data: '0x' },
        new Uint8Array(32).fill(who + 1),
        portablePrimitives,
      ),
      common,
    );
  known.set(name, made);
  return made;
}

const refused = (reason: string) => ({ code: 'LEDGER_REJECTED', values: { code: -32000, reason } });
const order = (pool: TransactionPool, next: (from: Address) => number = () => 0) =>
  pool.ready(next).map(({ id }) => id);

describe('the pool', () => {
  it('gives a sender’s transactions by nonce, all of them by arrival', () => {
    const pool = new TransactionPool();
    const [a1, a0, b0] = [transaction(0, 1), transaction(0, 0), transaction(1, 0)];
    pool.add(a1, 0);
    pool.add(b0, 0);
    assert.deepEqual(order(pool), [b0.id]);
    pool.add(a0, 0);
    assert.deepEqual(order(pool), [b0.id, a0.id, a1.id]);
    assert.equal(pool.pendingNonce(a0.from, 0), 2);
  });

  it('never leaves a gap and never gives one sender’s transactions out of order', () => {
    const some = fc.array(fc.tuple(fc.nat(2), fc.nat(6)), { maxLength: 20 });
    fc.assert(
      fc.property(some, (arrivals) => {
        const pool = new TransactionPool();
        for (const [who, nonce] of arrivals) {
          const one = transaction(who, nonce);
          if (pool.get(one.id) === undefined) pool.add(one, 0);
        }
        const reached = new Map<string, number>();
        for (const { from, nonce } of pool.ready(() => 0)) {
          assert.equal(nonce, reached.get(from) ?? 0);
          reached.set(from, nonce + 1);
        }
        for (const { from } of pool.all()) {
          assert.equal(reached.get(from) ?? 0, pool.pendingNonce(from, 0));
        }
      }),
    );
  });

  it('refuses what is known, used, or too far ahead', () => {
    const pool = new TransactionPool();
    pool.add(transaction(0, 3), 3);
    assert.throws(() => pool.add(transaction(0, 3), 3), refused('already known'));
    assert.throws(() => pool.add(transaction(0, 2), 3), refused('nonce too low'));
    assert.throws(() => pool.add(transaction(0, 3000), 3), refused('nonce too high'));
  });

  it('replaces a transaction for a tenth more, and tells who waited', async () => {
    const pool = new TransactionPool();
    const first = pool.add(transaction(0, 0, 100), 0);
    const cheap = refused('replacement transaction underpriced');
    assert.throws(() => pool.add(transaction(0, 0, 99), 0), cheap);
    assert.throws(() => pool.add(transaction(0, 0, 109), 0), cheap);
    const second = pool.add(transaction(0, 0, 110), 0);
    await assert.rejects(first.settled, refused('transaction was replaced'));
    assert.deepEqual(order(pool), [second.id]);
    assert.equal(pool.size, 1);
  });

  it('replaces nothing that the block at hand takes, nor one without fees by another', () => {
    const pool = new TransactionPool();
    const free = pool.add(transaction(0, 0), 0);
    const rival = { ...transaction(0, 0), id: bytesToHex(new Uint8Array(32)) };
    assert.throws(() => pool.add(rival, 0), refused('replacement transaction underpriced'));
    free.taken = true;
    assert.throws(() => pool.add(transaction(0, 0, 500), 0), refused('nonce too low'));
  });

  it('holds so many transactions and no more', () => {
    const pool = new TransactionPool({ waiting: 3, perSender: 2 });
    pool.add(transaction(0, 0), 0);
    pool.add(transaction(0, 1), 0);
    assert.throws(() => pool.add(transaction(0, 2), 0), refused('txpool is full'));
    pool.add(transaction(1, 0), 0);
    assert.throws(() => pool.add(transaction(2, 0), 0), refused('txpool is full'));
    pool.add(transaction(1, 0, 10), 0);
    assert.equal(pool.size, 3);
  });
});
