import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { othersToAsk } from './othersToAsk.ts';

function toAsk(n: number, k: number, faulty: number, views = k): number {
  const coordinators = Array.from({ length: n }, (_, place) => ({
    organisation: `o${place}`,
    address: `0x${'00'.repeat(20)}` as const,
  }));
  return othersToAsk({ coordinators, thresholds: { writes: k, views }, faulty });
}

/** Every network of up to ten organisations that can be founded: any two sets of k share an honest one. */
function* networks(): Iterable<readonly [n: number, k: number, f: number]> {
  for (let n = 2; n <= 10; n++) {
    for (let f = 0; f < n; f++) {
      for (let k = 1; k <= n; k++) if (2 * k > n + f) yield [n, k, f];
    }
  }
}

describe('how many others one asks that may have been away', () => {
  it('is n − k + f', () => {
    assert.deepEqual(
      [toAsk(3, 2, 0), toAsk(4, 3, 1), toAsk(5, 4, 0), toAsk(7, 5, 2)],
      [1, 2, 1, 4],
    );
    assert.equal(toAsk(1, 1, 0), 0);
    assert.equal(toAsk(7, 6, 0, 4), 1, 'a quorum for writes keeps each deposit');
  });

  // @attack f peers say that nothing came while a node was away | an honest one is among those who must tell
  it('always has an honest one among them that keeps what was acknowledged, if f of k lie', () => {
    for (const [n, k, f] of networks()) {
      // If all of them must keep it, nothing is acknowledged while one is away.
      if (k === n) continue;
      const missed = n - 1 - toAsk(n, k, f);
      assert.ok(missed < k - f, `n ${n}, k ${k}, f ${f}`);
    }
  });

  it('is never more than those who answer where a view is judged', () => {
    for (const [n, k, f] of networks()) {
      for (let views = 1; views <= n; views++) {
        if (2 * views <= n + f) continue;
        assert.ok(toAsk(n, k, f, views) <= views - 1, `n ${n}, k ${k}, f ${f}, views ${views}`);
      }
    }
  });
});
