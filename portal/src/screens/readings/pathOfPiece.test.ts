import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathOfPiece } from './pathOfPiece.ts';

const scale = { x: (at: number) => at / 10, y: (value: number) => 100 - value };

describe('the path of a piece', () => {
  it('goes through each point, and is a dot for one', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 15, value: 2.25 },
    ];
    assert.equal(pathOfPiece(points, scale, 300), 'M0,99L1.5,97.8');
    assert.equal(pathOfPiece(points.slice(0, 1), scale, 300), 'M0,99h0');
  });

  it('keeps every peak and both ends of many samples, in a few places', () => {
    const points = Array.from({ length: 100_000 }, (_, at) => ({
      at: at / 40,
      value: at === 54_321 ? 90 : at % 7,
    }));
    const places = pathOfPiece(points, scale, 250).slice(1).split('L');
    assert.ok(places.length <= 4 * 251, String(places.length));
    assert.ok(
      places.some((each) => each.endsWith(',10')),
      'the peak is drawn',
    );
    assert.equal(places[0], '0,100');
    assert.equal(places.at(-1), '250,96');
    const lefts = places.map((each) => Number(each.split(',')[0]));
    assert.deepEqual(
      lefts,
      lefts.toSorted((left, right) => left - right),
    );
  });
});
