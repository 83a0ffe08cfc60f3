import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noblePairing } from '../../crypto/threshold/noblePairing.ts';
import type { AsyncPairing, LoadAsyncPairing } from '../../crypto/threshold/PairingPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { PairingPool } from './PairingPool.ts';

/** A thread whose calls of `hashToG1` are answered when a test says so. */
class HeldEnd {
  readonly asked: { readonly message: Uint8Array; readonly answer: (fault?: unknown) => void }[] =
    [];
  readonly pairing: AsyncPairing = {
    ...noblePairing,
    hashToG1: async (message) =>
      await new Promise((resolve, reject) => {
        const answer = (fault?: unknown): void => {
          if (fault === undefined) resolve(noblePairing.hashToG1(message));
          else reject(fault);
        };
        this.asked.push({ message, answer });
      }),
  };
}

const nowhere: LoadAsyncPairing = async () =>
  await Promise.reject(new Error('nothing is computed here'));
const here: LoadAsyncPairing = async () => await Promise.resolve(noblePairing);
const [a, b, c] = [1, 2, 3].map((each) => Uint8Array.of(each)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const died = (): MedsealError => new MedsealError('INTERNAL', {});

describe('a pool of pairing arithmetic', () => {
  it('gives each call to the thread with the least to do, and each answer to its asker', async () => {
    const pool = new PairingPool(nowhere);
    const ends = [new HeldEnd(), new HeldEnd()] as const;
    for (const { pairing } of ends) pool.add(pairing);
    const answers = [a, b, c].map(async (each) => await pool.pairing.hashToG1(each));
    assert.deepEqual(
      ends.map(({ asked }) => asked.map(({ message }) => message)),
      [[a, c], [b]],
    );
    // The last one first.
    for (const { answer } of [...ends[1].asked, ...ends[0].asked.toReversed()]) answer();
    assert.deepEqual(
      await Promise.all(answers),
      [a, b, c].map((each) => noblePairing.hashToG1(each)),
    );
    const fourth = pool.pairing.hashToG1(a);
    assert.equal(ends[0].asked.length, 3);
    ends[0].asked[2]?.answer();
    await fourth;
  });

  it('has another thread compute what one that died left, and gives that one no more', async () => {
    const pool = new PairingPool(nowhere);
    const [dying, other] = [new HeldEnd(), new HeldEnd()];
    let dropped = 0;
    pool.add(dying.pairing, () => (dropped += 1));
    pool.add(other.pairing);
    const answers = [a, b, c].map(async (each) => await pool.pairing.hashToG1(each));
    assert.deepEqual([dying.asked.length, other.asked.length], [2, 1]);
    for (const { answer } of dying.asked) answer(died());
    // Once the calls were given on.
    while (other.asked.length < 3) await new Promise(setImmediate);
    for (const { answer } of other.asked) answer();
    assert.deepEqual(
      await Promise.all(answers),
      [a, b, c].map((each) => noblePairing.hashToG1(each)),
    );
    assert.deepEqual([pool.size, dropped, dying.asked.length], [1, 1, 2]);
  });

  it('computes by itself once all threads died, and before there is one', async () => {
    const pool = new PairingPool(here);
    assert.deepEqual(await pool.pairing.hashToG1(a), noblePairing.hashToG1(a));
    const end = new HeldEnd();
    pool.add(end.pairing);
    const answer = pool.pairing.hashToG1(b);
    end.asked[0]?.answer(died());
    assert.deepEqual(await answer, noblePairing.hashToG1(b));
    assert.equal(pool.size, 0);
  });

  it('takes a refusal for an answer: no other thread is asked, and the thread stays', async () => {
    const pool = new PairingPool(nowhere);
    for (const pairing of [noblePairing, noblePairing]) pool.add({ ...pairing });
    await assert.rejects(
      async () => await pool.pairing.requireG1(new Uint8Array(48)),
      failsWith('REQUEST_MALFORMED'),
    );
    assert.equal(pool.size, 2);
  });

  it('fails with the fault of its own arithmetic if every thread finds one', async () => {
    const pool = new PairingPool(nowhere);
    const end = new HeldEnd();
    pool.add(end.pairing);
    const answer = pool.pairing.hashToG1(a) as Promise<Uint8Array>;
    end.asked[0]?.answer(died());
    await assert.rejects(answer, /nothing is computed here/);
  });
});
