import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from './test/MemoryDatabase.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { ServiceDatabase } from './synced.ts';
import { aroundWrites } from './aroundWrites.ts';
import { haltAfterFailure } from './haltAfterFailure.ts';

describe('a database whose write failed', () => {
  it('takes no other write until it is opened again, and is read as before', async () => {
    let full = false;
    const disk: ServiceDatabase = aroundWrites(new MemoryDatabase(), async (write) => {
      if (full) throw new Error('no space left on device');
      return await write();
    });
    const database = haltAfterFailure(disk, '/node/kept');
    await database.put('a', '1');
    full = true;
    await assert.rejects(database.batch([{ type: 'put', key: 'b', value: '2' }]), unwritable);
    full = false;
    const writes = [
      async () => await database.put('c', '3'),
      async () => await database.del('a'),
      async () => await database.batch([{ type: 'put', key: 'd', value: '4' }]),
      async () => await database.clear(),
    ];
    for (const write of writes) await assert.rejects(write(), unwritable);
    assert.deepEqual(await database.keys().all(), ['a']);
  });
});

describe('a database that was closed', () => {
  // @attack a call of before a change of the network ends when the node’s stores are closed | its write comes to nothing, and does not stop the node
  it('refuses a write that came late, of which nothing is on disk, and takes writes once it is open again', async () => {
    const halts: unknown[] = [];
    const database = haltAfterFailure(new MemoryDatabase(), '/node/kept', (cause) =>
      halts.push(cause),
    );
    await database.put('a', '1');
    await database.close();
    const writes = [
      async () => await database.put('c', '3'),
      async () => await database.del('a'),
      async () => await database.batch([{ type: 'put', key: 'd', value: '4' }]),
      async () => await database.clear(),
    ];
    for (const write of writes) await assert.rejects(write(), failsWith('CLOSED'));
    assert.deepEqual(halts, []);
    await database.open();
    await database.put('b', '2');
    assert.equal(await database.get('b'), '2');
  });
});

function unwritable(error: Error): boolean {
  assert.match((error.cause as Error).message, /no space left/);
  return failsWith('FOLDER_UNWRITABLE')(error);
}
