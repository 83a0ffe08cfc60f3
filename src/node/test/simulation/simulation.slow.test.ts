import { it } from 'node:test';
import { requireSound } from './requireSound.ts';
import { simulate } from './simulate.ts';

/**
 * `SEED` replays one run. Otherwise there are `SEEDS` runs, or as many as begin within `SECONDS`, each with a seed that
 * nobody chose.
 */
const { SEED, SEEDS, SECONDS = '60' } = process.env;
const STEPS = 8;

it('a consortium keeps its promises in as many runs as there is time for', async () => {
  const begin = Date.now();
  const most = SEED === undefined ? Number(SEEDS ?? Infinity) : 1;
  const until = SEEDS === undefined ? begin + 1000 * Number(SECONDS) : Infinity;
  for (let run = 0; run < most && Date.now() < until; run++) {
    requireSound(await simulate(SEED ?? `${begin} ${run}`, STEPS));
  }
});
