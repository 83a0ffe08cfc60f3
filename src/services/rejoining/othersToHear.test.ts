import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { othersToHear } from './othersToHear.ts';

function toHear(n: number, k: number, faulty: number, views = k): number {
  const coordinators = Array.from({ length: n }, (_, place) => ({
    organisation: `o${place}`,
    address: `0x${'00'.repeat(20)}` as const,
  }));
  return othersToHear({ coordinators, thresholds: { writes: k, views }, faulty });
}

describe('how many others a restored organisation hears', () => {
  it('is n − k + 1 + f, and all others if there are fewer', () => {
    assert.deepEqual(
      [toHear(3, 2, 0), toHear(4, 3, 1), toHear(5, 4, 0), toHear(7, 6, 1), toHear(7, 5, 2)],
      [2, 3, 2, 3, 5],
    );
    assert.equal(toHear(2, 2, 0), 1);
    assert.equal(toHear(1, 1, 0), 0);
    assert.equal(toHear(7, 6, 0, 4), 4, 'the lower of both thresholds');
  });

  // @attack f peers say that they know of nothing that a restored node lost | n − k + 1 + f of the others must tell
  it('always has an honest one among them that keeps what was acknowledged, if f of k lie', () => {
    for (let n = 2; n <= 7; n++) {
      for (let f = 0; 2 * f < n; f++) {
        for (let k = Math.max(f + 2, Math.floor((n + f) / 2) + 1); k <= n; k++) {
          // The lost one kept it itself: of the others, k − 1 do, and f of those lie.
          const knowing = k - 1 - f;
          const missed = n - 1 - toHear(n, k, f);
          assert.ok(missed < knowing, `n ${n}, k ${k}, f ${f}`);
        }
      }
    }
  });
});
