import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireSound } from './requireSound.ts';
import { simulate } from './simulate.ts';

/** How many runs `npm test` has; `simulation.slow.test.ts` has as many as time allows. */
const RUNS = 16;
/** How many things each party does in them. */
const STEPS = 4;

describe('a consortium on simulated time, disks and messages', () => {
  it('keeps its promises through losses, repeats, delays, skewed clocks and crashes', async () => {
    for (let run = 0; run < RUNS; run++) requireSound(await simulate(`quick ${run}`, STEPS));
  });

  it('goes the same way again with the same seed, and another with another', async () => {
    const [first, again] = [await simulate('replay', STEPS), await simulate('replay', STEPS)];
    assert.deepEqual(again.trace, first.trace);
    assert.equal(again.traceHash, first.traceHash);
    assert.notEqual((await simulate('another', STEPS)).traceHash, first.traceHash);
  });
});
