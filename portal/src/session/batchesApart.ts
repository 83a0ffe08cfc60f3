import type { Chart } from '../../../src/client/index.ts';

/**
 * Returns how many batches of devices' readings the list of a chart leaves out, as its node says.
 *
 * @param chart - A chart whose records alone are listed.
 */
export function batchesApart({ apart = [] }: Pick<Chart, 'apart'>): number {
  return apart.reduce((sum, { count }) => sum + count, 0);
}
