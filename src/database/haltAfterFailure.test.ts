import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { ServiceDatabase } from './synced.ts';
import { aroundWrites } from './aroundWrites.ts';
import { haltAfterFailure } from './haltAfterFailure.ts';

describe('a database whose write failed', () => {
  it('takes no other write until it is opened again, and is read as before', async () => {
    let full = false;
    const disk: ServiceDatabase = aroundWrites(new MemoryLevel(), async (write) => {
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

function unwritable(error: Error): boolean {
  assert.match((error.cause as Error).message, /no space left/);
  return failsWith('FOLDER_UNWRITABLE')(error);
}
