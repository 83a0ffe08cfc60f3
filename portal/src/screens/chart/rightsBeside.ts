import type { KnownRight } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Grant } from '../../../../src/protocol/struct/requests.ts';

/**
 * Returns the other rights by which a reader can open more of a chart now: a view relies on one right, and shows what
 * that one covers.
 *
 * @param rights - Rights that the device knows, of any chart.
 * @param used - The right that the chart was opened by.
 * @param now - Unix seconds.
 */
export function rightsBeside(
  rights: readonly KnownRight[],
  used: Grant,
  now: number,
): readonly KnownRight[] {
  return rights.filter(({ grant: { handle, terms } }) => {
    const isOpen = terms.read && terms.from <= now && now < terms.until;
    const isWithin =
      [ZERO32, terms.record].includes(used.terms.record) &&
      terms.categories.every((each) => used.terms.categories.includes(each));
    return handle === used.handle && isOpen && !isWithin;
  });
}
