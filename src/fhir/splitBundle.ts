import type { Bundle } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { categoryWithin, inheritedLabels } from './categoryWithin.ts';
import { divideLabelled } from './divideLabelled.ts';
import { type EntryGroup, groupEntries } from './groupEntries.ts';
import { MOST_PARTS, type Beside, type Part, type SplitBy } from './Part.ts';
import { isSensitive } from './securityLabels.ts';

/** Options of `splitBundle`. */
export interface SplitOptions {
  /** 16 random bytes that tie the parts together; never used for another bundle. */
  readonly set: Hex;
  /** One part per category (the default), or one per category and encounter. */
  readonly by?: SplitBy;
}

/**
 * Splits a bundle into parts that are each of one category, and can be sealed, granted and read alone. Entries stay
 * as they are, `fullUrl` and references included. The same bundle and options give the same parts. Labelled entries are a set of
 * their own, which comes last and describes the true bundle; the parts of all others are the same, to the byte, as those of a
 * bundle without them.
 *
 * @param bundle - A valid bundle; it is not changed.
 * @param options - See `SplitOptions`.
 * @returns The parts of each set by number. The first is of `demographics` if the bundle holds any without a label.
 * @throws MedsealError `PARTS_UNFIT` for more than 65,536 parts.
 */
export function splitBundle(bundle: Bundle, { set, by = 'category' }: SplitOptions): Part[] {
  const { shown, hidden } = divideLabelled(bundle);
  if (hidden === undefined) return splitSet(shown, { set, by });
  if (shown.entry === undefined) return splitSet(hidden.bundle, { set, by });
  const beside = { ...hidden.beside, set };
  const others = splitSet(shown, { set, by });
  return [...others, ...splitSet(hidden.bundle, { set: setBeside(set), by, beside })];
}

/**
 * Returns the set of a bundle's labelled entries from that of the others, or the other way round: each is the other's complement.
 *
 * @param set - 16 bytes.
 */
export function setBeside(set: Hex): Hex {
  const digits = Array.from(set.slice(2), (digit) =>
    (15 - Number.parseInt(digit, 16)).toString(16),
  );
  return `0x${digits.join('')}`;
}

/**
 * Splits a bundle into the parts of one set.
 *
 * @param bundle - All that is to be in it.
 * @param options - As for `splitBundle`; of labelled entries, what they are beside.
 * @throws MedsealError `PARTS_UNFIT` for more than 65,536 parts.
 */
export function splitSet(
  bundle: Bundle,
  { set, by, beside }: Required<SplitOptions> & { readonly beside?: Beside },
): Part[] {
  const { entry = [], ...head } = bundle;
  const places = groupEntries(entry, by, categoryWithin(bundle));
  const security = inheritedLabels(bundle);
  const leading = isSensitive(head) ? 'sensitive' : 'demographics';
  // The sort is stable: that one first, then by first appearance.
  const groups = [...new Set(places)].toSorted((left, right) => {
    return rank(left, leading) - rank(right, leading);
  });
  const category = leading === 'sensitive' ? leading : 'other';
  const isHeadless = leading === 'sensitive' && groups[0]?.category !== leading;
  if (groups.length === 0 || isHeadless) groups.unshift({ category, key: '', entries: [] });
  if (groups.length > MOST_PARTS) {
    throw new MedsealError('PARTS_UNFIT', {
      reason: `there would be more than ${MOST_PARTS} parts`,
    });
  }
  const numbers = new Map(groups.map((group, part) => [group, part]));
  const order = places.map((group) => numbers.get(group) ?? 0);

  return groups.map(({ category, entries }, part) => ({
    category,
    content: {
      format: 'medseal-part/1',
      set,
      part,
      category,
      ...(part === 0 && { whole: { bundle: head, by, order } }),
      ...(category === 'sensitive' && security.length > 0 && { security }),
      ...(part === 0 && beside && { beside }),
      entries,
    },
  }));
}

function rank({ category }: EntryGroup, leading: Category): number {
  return category === leading ? 0 : 1;
}
