import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { blocksBetween, DIGESTS_KEPT, IndexDigests } from './IndexDigests.ts';

/** A clock that stands still. */
const STILL = { now: () => 0 };

/** Rows whose digests a test gives by hand. */
function handRows(isStored = true) {
  const passes: PromiseWithResolvers<Bytes32 | undefined>[] = [];
  return {
    isStored,
    passes,
    async digest(ended?: AbortSignal): Promise<Bytes32 | undefined> {
      const pass = Promise.withResolvers<Bytes32 | undefined>();
      ended?.addEventListener('abort', () => pass.resolve(undefined));
      passes.push(pass);
      return await pass.promise;
    },
  };
}

describe('digests of an index at the blocks that are due', () => {
  const few = { from: 0, rows: 100 };

  it('are due at multiples of 32 blocks, and not while an index is further behind', () => {
    const digests = new IndexDigests(handRows(), STILL);
    assert.equal(digests.dueBy(31, { ...few, from: 1 }), undefined);
    assert.equal(digests.dueBy(32, few), 32);
    assert.equal(digests.dueBy(33, { ...few, from: 1 }), 32);
    // It catches up, or reads the ledger for the first time.
    assert.equal(digests.dueBy(33, few), undefined);
    assert.equal(digests.dueBy(99_999, few), undefined);
    assert.equal(digests.dueBy(32, { ...few, from: -1 }), undefined);
    // The rows are already those of a later block.
    assert.equal(digests.dueBy(70, { ...few, from: 65 }), undefined);
    assert.equal(digests.dueBy(70, { ...few, from: 64 }), 64);
  });

  it('are due half as often for twice the rows, at blocks at which fewer rows have one too', () => {
    const digests = new IndexDigests(handRows(), STILL);
    const at = (rows: number): unknown => digests.dueBy(16_384, { from: 16_383, rows });
    assert.deepEqual(
      [2 ** 16, 2 ** 16 + 1, 2 ** 17, 2 ** 20, 13e6].map(blocksBetween),
      [32, 64, 64, 512, 8192],
    );
    assert.deepEqual([100, 2 ** 17, 13e6].map(at), [16_384, 16_384, 16_384]);
    const before = { from: 16_351, rows: 2 ** 17 };
    assert.equal(digests.dueBy(16_352, before), undefined);
    assert.equal(digests.dueBy(16_352, { ...before, rows: 100 }), 16_352);
  });

  it('are not due again at a block that has one, while a pass goes on, or of rows in memory alone', async () => {
    const rows = handRows();
    const digests = new IndexDigests(rows, STILL);
    digests.take(32);
    assert.equal(digests.dueBy(64, { ...few, from: 32 }), undefined);
    rows.passes[0]?.resolve(word('a'));
    await digests.settled();
    assert.equal(digests.dueBy(63, { ...few, from: 32 }), undefined);
    assert.equal(digests.dueBy(64, { ...few, from: 32 }), 64);
    assert.deepEqual(digests.latest, [{ block: 32, digest: word('a') }]);
    assert.equal(new IndexDigests(handRows(false), STILL).dueBy(32, few), undefined);
  });

  it('are the latest ones, also after those that were kept with the rows', async () => {
    const rows = handRows();
    const digests = new IndexDigests(rows, STILL);
    const kept = Array.from({ length: DIGESTS_KEPT }, (_, at) => ({
      block: 32 * (at + 1),
      digest: word(String(at)),
    }));
    digests.resume(kept);
    digests.take(1024);
    rows.passes[0]?.resolve(word('new'));
    await digests.settled();
    assert.deepEqual(digests.latest, [...kept.slice(1), { block: 1024, digest: word('new') }]);
  });

  it('are made at each second, fourth... due block while passes take over a hundredth of the time, and at each of them again later', async () => {
    const rows = handRows();
    let now = 0;
    const digests = new IndexDigests(rows, { now: () => now });
    /** A pass that begins so long after the last one began, and takes so long. */
    const pass = async (block: number, after: number, took: number): Promise<void> => {
      now = after;
      digests.take(block);
      now += took;
      rows.passes.at(-1)?.resolve(word(String(block)));
      await digests.settled();
    };
    const dueAt = (head: number): unknown => digests.dueBy(head, { from: head - 1, rows: 100 });
    await pass(32, 0, 10);
    assert.equal(dueAt(64), 64);
    await pass(64, 999, 10);
    assert.deepEqual([dueAt(96), dueAt(128)], [undefined, 128]);
    await pass(128, 1500, 10);
    assert.deepEqual([dueAt(192), dueAt(256)], [undefined, 256]);
    await pass(256, 3000, 10);
    assert.deepEqual([dueAt(320), dueAt(384)], [undefined, 384]);
    await pass(384, 7001, 10);
    await pass(448, 12_000, 10);
    await pass(480, 17_000, 10);
    assert.equal(dueAt(512), 512);
    assert.equal(dueAt(544), 544);
  });

  it('go on at the next due block after a pass that failed, which is told', async () => {
    const rows = handRows();
    const failures: unknown[] = [];
    const digests = new IndexDigests(rows, STILL, (error) => failures.push(error));
    const damaged = new MedsealError('STORE_DAMAGED', { store: 'index' });
    digests.take(32);
    rows.passes[0]?.reject(damaged);
    await digests.settled();
    assert.deepEqual([failures, digests.latest], [[damaged], []]);
    assert.equal(digests.dueBy(64, { ...few, from: 32 }), 64);
  });

  it('end with the index: a pass under way is cut off, and none is begun', async () => {
    const rows = handRows();
    const digests = new IndexDigests(rows, STILL);
    digests.take(32);
    await digests.close();
    digests.take(64);
    assert.deepEqual([digests.latest, rows.passes.length], [[], 1]);
  });
});
