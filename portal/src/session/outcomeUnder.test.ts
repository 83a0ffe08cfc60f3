import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outcomeUnder } from './outcomeUnder.ts';

const place = {};

describe('outcomeUnder', () => {
  it('drops a value as soon as anything that it depends on is another', () => {
    const known = {
      dependencies: [place, 'main/1'],
      outcome: { state: 'done', value: 'safe' },
    } as const;
    for (const dependencies of [
      [place, 'main/2'],
      [{}, 'main/1'],
      [place],
      [place, 'main/1', 0],
      [],
    ]) {
      assert.deepEqual(outcomeUnder(known, dependencies), { state: 'working' });
    }
  });

  it('drops a failure as soon as anything that it depends on is another', () => {
    const known = { dependencies: [1], outcome: { state: 'failed', error: 'gone' } } as const;
    assert.deepEqual(outcomeUnder(known, [2]), { state: 'working' });
  });

  it('keeps a value under the same dependencies, while it is asked again too', () => {
    const known = {
      dependencies: [place, Number.NaN],
      outcome: { state: 'done', value: 7 },
    } as const;
    assert.equal(outcomeUnder(known, [place, Number.NaN]), known.outcome);
  });
});
