import { describe, it } from 'node:test';
import { simulations } from './simulations.ts';

/** Number of actions of each party in the runs of `npm test`; `simulation.slow.test.ts` goes on from there. */
const STEPS = 4;

describe('a consortium on simulated time, disks and messages', () => {
  it('keeps its promises through losses, repeats, delays, skewed clocks and crashes', async () => {
    await simulations(['quick 0'], STEPS);
  });

  // @attack a proposer leaves out what one organisation sends; validators hang, or come back with older copies | it goes into another's block; services wait, and take nothing that is not final
  it('keeps them on the ledger of validators that are away, behind or unfair', async () => {
    await simulations(['validators 0'], STEPS, 'validators');
  });
});
