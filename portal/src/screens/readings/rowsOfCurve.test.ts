import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowsOfCurve } from './rowsOfCurve.ts';

describe('the table of a curve', () => {
  it('has its values and its gaps, the newest first', () => {
    const one = { points: [{ at: 0, value: 70 }], late: true };
    const two = { points: [{ at: 9000, value: 71 }], late: false };
    assert.deepEqual(rowsOfCurve({ code: 149530, wave: false, pieces: [one, two] }), {
      rows: [
        { at: 9000, low: 71, high: 71, late: false },
        { gap: true, from: 0, until: 9000 },
        { at: 0, low: 70, high: 70, late: true },
      ],
      more: false,
    });
  });

  it('has a row for each second of a wave, with its lowest and highest sample', () => {
    const points = [0, 500, 999, 1000, 1500].map((at) => ({ at, value: at % 999 }));
    const pieces = [{ points, late: false }];
    assert.deepEqual(rowsOfCurve({ code: 131330, wave: true, pieces }).rows, [
      { at: 1000, low: 1, high: 501, late: false },
      { at: 0, low: 0, high: 500, late: false },
    ]);
  });

  it('says if there are more rows than it shows', () => {
    const points = Array.from({ length: 400 }, (_, at) => ({ at, value: at }));
    const { rows, more } = rowsOfCurve({ code: 1, wave: false, pieces: [{ points, late: false }] });
    assert.deepEqual([rows.length, more], [300, true]);
  });
});
