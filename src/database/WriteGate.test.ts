import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MemoryDatabase } from './test/MemoryDatabase.ts';
import type { ServiceDatabase } from './synced.ts';
import { gateDatabase } from './gateDatabase.ts';
import { WriteGate } from './WriteGate.ts';

describe('a gate for writes', () => {
  it('waits for what is being written, holds back what comes, and lets it go on afterwards', async () => {
    const gate = new WriteGate();
    const said: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const inside = Promise.withResolvers<undefined>();
    const before = gate.run(async () => {
      await first.promise;
      said.push('before');
    });
    const pause = gate.pause(async () => {
      said.push('paused');
      await inside.promise;
      said.push('over');
    });
    const after = gate.run(async () => void said.push(await Promise.resolve('after')));
    const again = gate.pause(async () => void said.push(await Promise.resolve('again')));
    await setImmediate();
    assert.deepEqual(said, []);
    first.resolve(undefined);
    await before;
    await setImmediate();
    assert.deepEqual(said, ['before', 'paused']);
    inside.resolve(undefined);
    await Promise.all([pause, after, again]);
    assert.deepEqual(said.slice(0, 3), ['before', 'paused', 'over']);
    assert.deepEqual(new Set(said.slice(3)), new Set(['after', 'again']));
  });

  it('stays open after a write or a pause that failed', async () => {
    const gate = new WriteGate();
    await assert.rejects(
      gate.run(async () => await Promise.reject(new Error('disk'))),
      /disk/,
    );
    await assert.rejects(
      gate.pause(async () => await Promise.reject(new Error('link'))),
      /link/,
    );
    assert.equal(await gate.run(async () => await Promise.resolve(3)), 3);
  });

  it('holds every way to write to a database, and none to read', async () => {
    const gate = new WriteGate();
    const database: ServiceDatabase = gateDatabase(new MemoryDatabase(), gate);
    await database.put('a', '1');
    let open = false;
    const writes = [
      async () => await database.put('b', '2'),
      async () => await database.del('a'),
      async () => await database.batch([{ type: 'put', key: 'c', value: '3' }]),
      async () => await database.clear({ gt: 'x' }),
    ];
    const under: Promise<void>[] = [];
    await gate.pause(async () => {
      for (const write of writes) under.push(write().then(() => assert.ok(open)));
      assert.equal(await database.get('a'), '1');
      await setImmediate();
      assert.deepEqual(await database.keys().all(), ['a']);
      open = true;
    });
    await Promise.all(under);
    assert.deepEqual(await database.keys().all(), ['b', 'c']);
  });
});
