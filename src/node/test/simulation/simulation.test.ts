import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulations } from './simulations.ts';

/** Seeds of the runs in `npm test`; `simulation.slow.test.ts` goes on from there for as long as time allows. */
const SEEDS = ['quick 0', 'quick 1'];
/** Number of actions of each party in them. */
const STEPS = 4;

describe('a consortium on simulated time, disks and messages', () => {
  let outcomes: readonly string[];

  it('keeps its promises through losses, repeats, delays, skewed clocks and crashes', async () => {
    outcomes = await simulations(SEEDS, STEPS);
  });

  it('keeps them on the ledger of validators that are away, behind or unfair', async () => {
    await simulations(['validators 0'], STEPS, 'validators');
  });

  it('goes the same way again with the same seed, and another with another', async () => {
    const [first, other] = outcomes;
    const [again] = await simulations(SEEDS.slice(0, 1), STEPS);
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    assert.equal(again, first);
    assert.notEqual(other, first);
  });
});
