import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlaceOfBatch } from './ChartPlaces.ts';
import { besideBatches } from './coveredPart.ts';

/** A batch of ten readings. */
function batch(boot: number, first: number, index = 0): PlaceOfBatch {
  return { index, category: 'vitals', epoch: 1, boot, first, count: 10, start: 0, end: 9 };
}

describe('the batches beside others', () => {
  const shown = [batch(1, 100), batch(1, 110), batch(1, 300), batch(2, 0)];
  const cases: readonly (readonly [string, PlaceOfBatch, boolean])[] = [
    ['right before them', batch(1, 90), true],
    ['one reading before that', batch(1, 89), false],
    ['among them', batch(1, 115), true],
    ['right after them', batch(1, 120), false],
    ['before a later range', batch(1, 290), true],
    ['in its middle', batch(1, 305), true],
    ['beyond the last one', batch(1, 310), false],
    ['of another start of the device', batch(3, 100), false],
    ['of an earlier start', batch(0, 100), false],
    ['of many readings, over two ranges', { ...batch(1, 0), count: 1000 }, true],
    ['between two ranges', batch(1, 200), false],
  ];
  for (const [called, one, isBeside] of cases) {
    it(`${isBeside ? 'have' : 'lack'} one ${called}`, () => {
      assert.deepEqual(besideBatches([one], shown), isBeside ? [one] : []);
    });
  }

  // @attack a device leaves a number out after each batch, and its whole chart is asked for as a span | a node looks at each batch some times, not once for each other one
  it('take work that grows with their number, also if each stands alone', () => {
    let looks = 0;
    const counting = (value: number): number => {
      const valueOf = (): number => {
        looks += 1;
        return value;
      };
      return { valueOf } as unknown as number;
    };
    const batches = Array.from({ length: 4096 }, (_, n) => batch(1, counting(12 * n), n));
    assert.equal(besideBatches(batches, batches).length, batches.length);
    assert.ok(looks < 4096 * 100, `${looks}`);
  });
});
