import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulations } from './simulations.ts';

/** Number of runs in `npm test`; `simulation.slow.test.ts` goes on from there for as long as time allows. */
const RUNS = 3;
/** Number of actions of each party in them. */
const STEPS = 4;

describe('a consortium on simulated time, disks and messages', () => {
  it('keeps its promises through losses, repeats, delays, skewed clocks and crashes', async () => {
    await simulations(
      Array.from({ length: RUNS }, (_, run) => `quick ${run}`),
      STEPS,
    );
  });

  it('keeps them on the ledger of validators that are away, behind or unfair', async () => {
    await simulations(['validators 0', 'validators 1'], STEPS, 'validators');
  });

  it('goes the same way again with the same seed, and another with another', async () => {
    const [[first, other], [again]] = await Promise.all([
      simulations(['replayed', 'another'], STEPS),
      simulations(['replayed'], STEPS),
    ]);
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    assert.equal(again, first);
    assert.notEqual(other, first);
  });
});
