import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BatchRead, ReadingAt } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { curvesOf } from './curvesOf.ts';

const PULSE = 149530;
const ECG = 131330;

function pulses(...moments: readonly number[]): readonly ReadingAt[] {
  return moments.map((at) => ({ moment: at, reading: { at, code: PULSE, value: 70 }, line: '' }));
}

function samples(at: number, count: number): readonly ReadingAt[] {
  const data = Array.from({ length: count }, (_, place) => place);
  return [{ moment: at, reading: { at, code: ECG, period: 2.5, factor: 0.5, data }, line: '' }];
}

function batch(readings: readonly ReadingAt[], follows = true, late = false): BatchRead {
  return { readings, follows, late, altered: false } as unknown as BatchRead;
}

/** For each curve the numbers of points of its pieces. */
function shape(...batches: readonly BatchRead[]): readonly (readonly number[])[] {
  return curvesOf(batches).map(({ pieces }) => pieces.map(({ points }) => points.length));
}

describe('a curve', () => {
  it('is one piece over batches that follow each other', () => {
    assert.deepEqual(shape(batch(pulses(0, 1000), false), batch(pulses(2000))), [[3]]);
    assert.deepEqual(shape(batch(samples(0, 4), false), batch(samples(10, 4))), [[8]]);
  });

  it('is never joined over missing numbers, however near the times are', () => {
    assert.deepEqual(shape(batch(pulses(0, 1000), false), batch(pulses(2000), false)), [[2, 1]]);
    assert.deepEqual(shape(batch(samples(0, 4), false), batch(samples(10, 4), false)), [[4, 4]]);
  });

  it('is never joined over a batch that could not be opened', () => {
    const closed = { follows: true, error: new MedsealError('KEY_PENDING', {}) };
    assert.deepEqual(
      shape(batch(pulses(0), false), closed as unknown as BatchRead, batch(pulses(2000))),
      [[1, 1]],
    );
  });

  it('ends with the span, at a sample and not at a batch, and has no piece that lies outside', () => {
    const batches = [batch(pulses(0), false), batch(samples(10, 4), false), batch(samples(20, 4))];
    const inside = curvesOf(batches, { from: 12.5, until: 25 }).filter(({ wave }) => wave);
    assert.deepEqual(
      inside.map(({ pieces }) => pieces.map(({ points }) => points.map(({ at }) => at))),
      [[[12.5, 15, 17.5, 20, 22.5]]],
    );
    assert.deepEqual(curvesOf(batches, { from: 5, until: 25 })[0]?.pieces, []);
  });

  it('has the value of a sample from its factor and its origin', () => {
    const reading = { at: 0, code: ECG, period: 2, factor: 0.5, origin: -1, data: [0, 4] };
    const [curve] = curvesOf([batch([{ moment: 0, reading, line: '' }], false)]);
    assert.deepEqual(
      curve?.pieces[0]?.points.map(({ value }) => value),
      [-1, 1],
    );
  });

  it('is not joined over a time in which nothing was measured', () => {
    assert.deepEqual(shape(batch(pulses(0, 200_000), false)), [[1, 1]]);
    assert.deepEqual(shape(batch([...samples(0, 4), ...samples(20, 4)], false)), [[4, 4]]);
    assert.deepEqual(shape(batch([...samples(0, 4), ...samples(5, 4)], false)), [[4, 4]]);
  });

  it('has the moments and values of its samples, and says what came late', () => {
    const [curve] = curvesOf([batch(samples(100, 3), false, true)]);
    assert.equal(curve?.wave, true);
    assert.deepEqual(curve?.pieces, [
      {
        points: [
          { at: 100, value: 0 },
          { at: 102.5, value: 0.5 },
          { at: 105, value: 1 },
        ],
        late: true,
      },
    ]);
  });

  it('stands in the order of time, also if a late device was started twice', () => {
    const found = curvesOf([batch(pulses(9000), false), batch(pulses(1000), false)]);
    assert.deepEqual(
      found[0]?.pieces.map(({ points }) => points[0]?.at),
      [1000, 9000],
    );
  });
});
