import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promisesOf } from './promisesOf.ts';

/** Largest number of organisations of which all sets are tried. */
const MOST = 6;

/** All sets of a size among n organisations, as bits. The first organisations are those that lie. */
function setsOf(n: number, size: number): readonly number[] {
  return Array.from({ length: 2 ** n }, (_, set) => set).filter((set) => sizeOf(set) === size);
}

function sizeOf(set: number): number {
  return set.toString(2).replaceAll('0', '').length;
}

/** Calls with every channel of up to some organisations in which enough can answer though the liars do not. */
function everyChannel(
  try_: (sizes: Parameters<typeof promisesOf>[0], honest: number) => void,
): void {
  for (let organisations = 1; organisations <= MOST; organisations++) {
    for (let liars = 1; liars < organisations; liars++) {
      const honest = 2 ** organisations - 2 ** liars;
      for (let releases = 1; releases <= organisations; releases++) {
        for (let checkpoints = 1; checkpoints <= organisations; checkpoints++) {
          try_({ organisations, releases, checkpoints, liars }, honest);
        }
      }
    }
  }
}

describe('what a channel promises against organisations that lie', () => {
  // @class an organisation of a log that lies to some, with f − 1 others | a release and a checkpoint that share no organisation which does not lie, in a channel of any size
  it('is that no log forks exactly if every release and every checkpoint share one that does not lie, of all sets', () => {
    everyChannel((sizes, honest) => {
      const { organisations: n, releases, checkpoints } = sizes;
      const apart = setsOf(n, releases).some((one) =>
        setsOf(n, checkpoints).some((other) => (one & other & honest) === 0),
      );
      assert.equal(promisesOf(sizes).forks, apart, JSON.stringify(sizes));
    });
  });

  // @class up to f organisations that keep releases back | an audit that calls itself complete without one
  it('is that an audit which heard enough has met one that released and does not lie, and with one fewer need not', () => {
    everyChannel((sizes, honest) => {
      const { organisations: n, releases, liars } = sizes;
      if (releases <= liars) return;
      const { heard } = promisesOf(sizes);
      const misses = (count: number): boolean =>
        setsOf(n, releases).some((released) =>
          setsOf(n, count).some((told) => (released & told & honest) === 0),
        );
      assert.equal(misses(heard), false, JSON.stringify(sizes));
      assert.equal(misses(heard - 1), true, JSON.stringify(sizes));
    });
  });
});
