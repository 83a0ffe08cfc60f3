import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FreeSpace } from './FreeSpace.ts';

function faultOf({ fault }: FreeSpace): unknown {
  return fault && [fault.code, fault.retry];
}

describe('the room on a disk', () => {
  it('is there until no more than the reserve is free, and again once there is', async () => {
    let free: number | undefined = 1000;
    const space = new FreeSpace(async () => await Promise.resolve(free), 1000);
    assert.equal(space.fault, undefined, 'nobody looked yet');
    await space.look();
    assert.equal(space.fault, undefined);
    free = 999;
    await space.look();
    assert.deepEqual(faultOf(space), ['STORAGE_FULL', true]);
    free = 5000;
    await space.look();
    assert.deepEqual([space.fault, space.free], [undefined, 5000]);
  });

  it('is taken to be there if the system does not tell', async () => {
    const space = new FreeSpace(async () => await Promise.resolve(undefined), 1000);
    await space.look();
    assert.equal(space.fault, undefined);
  });
});
