import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { forgetKept, keptAt, keptPlaces, storeKept } from './keptIndex.ts';

/** Places of a device for what it keeps. */

const [FIRST, SECOND] = [word('first file'), word('second file')];

let now = 0;
const clock: Clock = { now: () => now * 1000, after: () => () => undefined };

describe('what a device keeps', () => {
  // @attack a device keeps a record once more, and the copy of before stays on it for good | it takes its own place again, and all is deleted
  it('is all deleted, a record that was kept once more among them: no place is left that the index does not name', async () => {
    const names = new Set<string>();
    const memory = memoryDevice();
    const device = {
      ...memory,
      async write(name: string, value: unknown) {
        names.add(name);
        await memory.write(name, value);
      },
    };
    const party = { device, clock };
    const keep = async (file: typeof FIRST, until: number): Promise<void> =>
      await storeKept(party, { keep: until, grant: ZERO32, file }, `${file} until ${until}`);
    await keep(FIRST, 10);
    await keep(SECOND, 20);
    now = 10;
    assert.equal(await forgetKept(party), 20);
    // Place 0 is free again; the second file has place 1.
    await keep(SECOND, 30);
    const [place = assert.fail(), ...others] = await keptPlaces(party);
    assert.deepEqual(others, []);
    assert.equal(await keptAt(party, place), `${SECOND} until 30`);
    now = 30;
    assert.equal(await forgetKept(party), undefined);
    for (const name of names) {
      if (name !== 'kept') assert.equal(await memory.read(name), undefined, name);
    }
  });
});
