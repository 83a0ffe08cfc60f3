import { it } from 'node:test';
import { manySimulations, simulations } from './simulations.ts';

/**
 * `SEED` is one run. Otherwise there are `SEEDS` runs, or as many as begin within `SECONDS`, each with a seed that
 * nobody chose. `npm run simulate` runs as many as are good for a night.
 */
const { SEED, SEEDS = '1000000', SECONDS = '420' } = process.env;
const STEPS = 8;

it('a consortium keeps its promises in as many runs as there is time for', async (t) => {
  if (SEED !== undefined) {
    await simulations([SEED], STEPS);
    return;
  }
  const limits = { steps: STEPS, seeds: Number(SEEDS), seconds: Number(SECONDS) };
  t.diagnostic(await manySimulations(`slow ${Date.now()}`, limits));
});
