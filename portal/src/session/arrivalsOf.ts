import type { Party } from '../../../src/client/index.ts';
import { Arrivals } from './Arrivals.ts';

const known = new WeakMap<Pick<Party, 'device'>, Arrivals>();

/**
 * Returns what letters brought to a person since the session began; it ends with the session.
 *
 * @param party - The person.
 */
export function arrivalsOf(party: Pick<Party, 'device'>): Arrivals {
  const arrivals = known.get(party) ?? new Arrivals();
  known.set(party, arrivals);
  return arrivals;
}
