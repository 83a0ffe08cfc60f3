import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coursesOf, type StateSample } from './coursesOf.ts';
import { StateSamples } from './StateSamples.ts';

function sample(
  at: number,
  answered: number,
  state: Partial<StateSample['state']> = {},
): StateSample {
  return {
    at,
    state: {
      since: 1,
      answered: { 'agents 200': answered },
      refused: {},
      failed: {},
      logs: [],
      disk: { free: 5e9, reserve: 0 },
      ...state,
    },
  };
}

function valuesOf(samples: readonly StateSample[], what: string): readonly number[] {
  const course = coursesOf(samples).find((each) => each.what === what);
  return (course?.points ?? []).map(({ value }) => value);
}

describe('how a node did while its page was open', () => {
  it('has answers in a minute, whatever lies between two questions', () => {
    const samples = [sample(0, 10), sample(10_000, 12), sample(40_000, 15)];
    assert.deepEqual(valuesOf(samples, 'answered'), [12, 6]);
    assert.deepEqual(valuesOf(samples.slice(0, 1), 'answered'), []);
  });

  it('has no rate over a restart of the node, whose counts begin again', () => {
    const samples = [
      sample(0, 10),
      sample(10_000, 3, { since: 2 }),
      sample(20_000, 4, { since: 2 }),
    ];
    assert.deepEqual(valuesOf(samples, 'answered'), [6]);
  });

  it('has what is behind and free at each moment, and nothing of a disk that nobody knows', () => {
    const log = { at: 'a', log: 'care/a', own: true, entries: 9, lag: 2, waited: 0 } as const;
    const samples = [
      sample(0, 0, { logs: [log, log] }),
      sample(10_000, 0, { disk: { reserve: 0 } }),
    ];
    assert.deepEqual(valuesOf(samples, 'lag'), [4, 0]);
    assert.deepEqual(valuesOf(samples, 'free'), [5]);
  });

  it('is kept for two hours of questions', () => {
    const samples = new StateSamples();
    for (let place = 0; place < 800; place += 1) samples.add(sample(place, 0));
    const free = samples.add(sample(800, 0)).find(({ what }) => what === 'free');
    assert.deepEqual([free?.points.length, free?.points.at(-1)?.at], [720, 800]);
  });
});
