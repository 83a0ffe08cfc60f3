import type { Category } from '../../protocol/vocabulary.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';

/** An erasure that the network's terms do not take yet. */
export interface RetainedErasure {
  readonly category: Category;
  /** Last erased epoch. */
  readonly epoch: number;
  /** First second at which the log may take it. */
  readonly until: number;
}

/** Each refusal is an entry for ever: a device asks again on the day, and not at each connection until then. */
export const RETAINED_HERE = new DeviceBook({
  name: 'erasures-retained',
  shape: { category: 'text', epoch: 'count', until: 'count' },
  keyOf: ({ category }) => category,
  most: 64,
});

/**
 * Tells whether a device knows that an erasure has to wait.
 *
 * @param party - The patient.
 * @param erasure - Its category and last epoch.
 * @param at - The moment, Unix seconds.
 */
export async function isRetainedHere(
  party: Pick<Party, 'device'>,
  { category, epoch }: Omit<RetainedErasure, 'until'>,
  at: number,
): Promise<boolean> {
  const known = await RETAINED_HERE.read(party);
  return known.some((each) => {
    return each.category === category && each.epoch === epoch && at < each.until;
  });
}
