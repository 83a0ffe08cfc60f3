import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { ReadingsSpool, ROWS, SPOOL_LIMITS } from './ReadingsSpool.ts';

const MESSAGE = Uint8Array.of(1, 2, 3);
const FIRST = { digest: word('first'), device: `0x${'11'.repeat(20)}` } as const;
const SECOND = { digest: word('second'), device: FIRST.device } as const;
const OTHER = { digest: word('other'), device: `0x${'22'.repeat(20)}` } as const;

/** Time that a test sets. */
function timeOf(): { now(): number; after(): () => void; seconds: number } {
  return {
    seconds: NOW,
    now() {
      return this.seconds * 1000;
    },
    after: () => () => undefined,
  };
}

describe('a spool of readings', () => {
  it('has what it took after it is opened again, with the request that was prepared of it, and forgets nothing that waits', async () => {
    const database = new MemoryDatabase();
    const clock = timeOf();
    const spool = await ReadingsSpool.open(database, clock);
    assert.deepEqual(await spool.store(FIRST, MESSAGE), { state: 'stored' });
    await spool.store(SECOND, MESSAGE);
    const [taken] = await spool.take(1);
    assert.ok(taken);
    await spool.keepPrepared(taken, 'signed');
    clock.seconds += 10 * SPOOL_LIMITS.remembered;
    const again = await ReadingsSpool.open(database, clock);
    await again.prune();
    assert.deepEqual(again.waiting, { batches: 2, bytes: 6 });
    const batches = await again.take(10);
    assert.deepEqual(
      batches.map(({ digest, message, prepared }) => [digest, [...message], prepared]),
      [
        [FIRST.digest, [1, 2, 3], 'signed'],
        [SECOND.digest, [1, 2, 3], undefined],
      ],
    );
  });

  it('stores a batch once, also if it comes twice at the same time, and tells how far it has come', async () => {
    const clock = timeOf();
    const spool = await ReadingsSpool.open(new MemoryDatabase(), clock);
    await Promise.all([spool.store(FIRST, MESSAGE), spool.store(FIRST, MESSAGE)]);
    assert.equal(spool.waiting.batches, 1);
    const [batch] = await spool.take(2);
    assert.ok(batch);
    const end = { state: 'entered', log: 'care/hospital', index: 7 } as const;
    await spool.end(batch, end);
    assert.deepEqual(await spool.store(FIRST, MESSAGE), end);
    assert.deepEqual(await spool.take(2), []);
    assert.deepEqual(spool.waiting, { batches: 0, bytes: 0 });
    clock.seconds += SPOOL_LIMITS.remembered + 1;
    await spool.prune();
    assert.equal(await spool.find(FIRST.digest), undefined);
  });

  it('refuses what it has no room for, and what is too much of one device, and takes others', async () => {
    const limits = { ...SPOOL_LIMITS, bytes: 2 * (3 + ROWS) + 1, perDevice: 1 };
    const spool = await ReadingsSpool.open(new MemoryDatabase(), timeOf(), limits);
    await spool.store(FIRST, MESSAGE);
    await assert.rejects(spool.store(SECOND, MESSAGE), failsWith('QUOTA_SPENT'));
    await spool.store(OTHER, MESSAGE);
    const third = { ...OTHER, device: `0x${'33'.repeat(20)}`, digest: word('third') } as const;
    await assert.rejects(spool.store(third, MESSAGE), failsWith('STORAGE_FULL'));
    const [batch] = await spool.take(1);
    assert.ok(batch);
    await spool.end(batch, { state: 'refused', code: 'RIGHT_ENDED' });
    await spool.store(third, MESSAGE);
  });

  it('gives devices turns, and passes over one that rests', async () => {
    const clock = timeOf();
    const spool = await ReadingsSpool.open(new MemoryDatabase(), clock);
    await spool.store(FIRST, MESSAGE);
    await spool.store(SECOND, MESSAGE);
    await spool.store(OTHER, MESSAGE);
    const turns = await spool.take(2);
    assert.deepEqual(
      turns.map(({ digest }) => digest),
      [FIRST.digest, OTHER.digest],
    );
    for (const batch of turns) spool.putBack(batch, batch.device === FIRST.device ? 1000 : 0);
    const others = await spool.take(9);
    assert.deepEqual(
      others.map(({ digest }) => digest),
      [OTHER.digest],
    );
    clock.seconds += 1;
    assert.equal((await spool.take(9)).length, 2);
  });

  // @class a moment of the wall clock that a wait depends on, while the clock is set right | nothing is sent for a month
  it('lets a device rest no longer if the clock is set back meanwhile', async () => {
    const clock = timeOf();
    const spool = await ReadingsSpool.open(new MemoryDatabase(), clock);
    await spool.store(FIRST, MESSAGE);
    const [batch] = await spool.take(1);
    spool.putBack(batch ?? assert.fail(), 1000);
    assert.equal(spool.rest, 1000);
    clock.seconds -= 30 * 86_400;
    assert.equal(spool.rest, 0);
    assert.equal((await spool.take(9)).length, 1);
  });

  it('remembers so many that ended and no more, the latest, also after it is opened again', async () => {
    const database = new MemoryDatabase();
    const clock = timeOf();
    const limits = { ...SPOOL_LIMITS, ended: 20 };
    let spool = await ReadingsSpool.open(database, clock, limits);
    const digests = Array.from({ length: 1000 }, (_, i) => word(`batch ${i}`));
    for (const [i, digest] of digests.entries()) {
      if (i === 700) spool = await ReadingsSpool.open(database, clock, limits);
      clock.seconds += 1;
      await spool.store({ digest, device: FIRST.device }, MESSAGE);
      const [batch] = await spool.take(1);
      assert.ok(batch);
      await spool.end(batch, { state: 'refused', code: 'RIGHT_ENDED' });
      const rows = await database.keys().all();
      assert.ok(rows.length <= 2 * (20 + 256), `${rows.length} rows`);
    }
    assert.deepEqual(await spool.find(digests.at(-1) ?? word('')), {
      state: 'refused',
      code: 'RIGHT_ENDED',
    });
    assert.equal(await spool.find(digests[0] ?? word('')), undefined);
  });
});
