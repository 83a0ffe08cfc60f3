import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openDeviceFolder } from './deviceFolder.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-device-'));
});
after(async () => await rm(folder, { recursive: true }));

describe('a device in a folder', () => {
  it('has no file of a value that was taken away, and is asked for it as if there had been none', async () => {
    const device = await openDeviceFolder(folder);
    await device.write('order', null);
    await device.write('order', { amount: 30 });
    await device.write('other', false);
    await device.write('order', null);
    await device.write('order', null);
    assert.equal(await device.read('order'), undefined);
    assert.equal(await device.read('other'), false);
    assert.deepEqual(await readdir(join(folder, 'device')), ['other.json']);
  });
});
