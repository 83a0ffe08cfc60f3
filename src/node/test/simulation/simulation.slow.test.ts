import { it } from 'node:test';
import { simulations } from './simulations.ts';

/**
 * `SEED` is one run. Otherwise there are `SEEDS` runs, or as many as begin within `SECONDS`, each with a seed that
 * nobody chose.
 */
const { SEED, SEEDS, SECONDS = '60' } = process.env;
const STEPS = 8;
/** Runs that share a process. */
const BATCH = 10;

it('a consortium keeps its promises in as many runs as there is time for', async () => {
  const begin = Date.now();
  const most = SEED === undefined ? Number(SEEDS ?? Infinity) : 1;
  const until = SEEDS === undefined ? begin + 1000 * Number(SECONDS) : Infinity;
  for (let run = 0; run < most && Date.now() < until; run += BATCH) {
    const seeds = Array.from(
      { length: Math.min(BATCH, most - run) },
      (_, place) => SEED ?? `${begin} ${run + place}`,
    );
    await simulations(seeds, STEPS);
  }
});
