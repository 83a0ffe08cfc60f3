import { it } from 'node:test';
import { shortYear } from './simulations.ts';

/** Year by which it is lived; `npm run proof simulate -- --year whole --seeds 1 --name TEXT` lives others, day by day. */
const SEED = 'year 0';

it('a consortium keeps its promises through a year, in which rights, keys, files and organisations end', async () => {
  await shortYear(SEED);
});
