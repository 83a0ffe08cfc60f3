import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aloneOn } from './aloneOn.ts';
import { twoTabs } from '../test/twoTabs.ts';
import type { DeviceStore } from './DeviceStore.ts';
import { memoryDevice } from './memoryDevice.ts';

async function count(device: DeviceStore): Promise<number> {
  const next = (((await device.read('count')) as number | undefined) ?? 0) + 1;
  await device.write('count', next);
  return next;
}

describe('what a device reads and writes alone', () => {
  it('loses nothing of other work on the same device', async () => {
    const device = memoryDevice();
    const results = await Promise.all(
      Array.from(
        { length: 20 },
        async () => await aloneOn(device, async () => await count(device)),
      ),
    );
    assert.deepEqual(new Set(results).size, 20);
    assert.equal(await device.read('count'), 20);
  });

  it('loses nothing of another tab', async () => {
    const { tabs, values } = twoTabs();
    const [one, other] = tabs;
    await Promise.all(
      [one, other, one, other].map(async (tab) => await aloneOn(tab, async () => await count(tab))),
    );
    assert.equal(values.get('count'), 4);
  });

  it('goes on after work that failed, whose error its caller gets', async () => {
    const device = memoryDevice();
    const failing = aloneOn(device, async () => {
      await Promise.resolve();
      throw new Error('full');
    });
    const later = aloneOn(device, async () => await count(device));
    await assert.rejects(failing, /full/);
    assert.equal(await later, 1);
  });
});
