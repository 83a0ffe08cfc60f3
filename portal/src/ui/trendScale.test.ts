import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, double, integer, property } from 'fast-check';
import { trendScale } from './trendScale.ts';

const FRAME = { left: 40, right: 390, top: 10, bottom: 180 };

describe('the scale of a trend', () => {
  it('has round numbers, the newest on the right and the highest on top', () => {
    const { x, y, ticks } = trendScale([0, 50, 100], [5, 7, 9], FRAME);
    assert.deepEqual(ticks, [6, 8]);
    assert.deepEqual([x(0), x(50), x(100)], [40, 215, 390]);
    assert.ok(y(9) < y(7) && y(7) < y(5));
  });

  it('puts a single value in the middle', () => {
    const { x, y } = trendScale([7], [0], FRAME);
    assert.deepEqual([x(7), y(0)], [215, 95]);
  });

  it('keeps everything in its frame, whatever the values', () => {
    const value = double({ min: -1e12, max: 1e12, noNaN: true });
    const moments = array(integer({ min: -1e12, max: 1e13 }), { minLength: 1 });
    forAll(
      property(moments, array(value, { minLength: 1 }), (at, values) => {
        const { x, y, ticks } = trendScale(at, values, FRAME);
        for (const each of at) assert.ok(x(each) >= 39.99 && x(each) <= 390.01);
        for (const each of values) assert.ok(y(each) >= 9.99 && y(each) <= 180.01);
        assert.ok(ticks.length <= 8 && ticks.every(Number.isFinite));
      }),
    );
  });
});
