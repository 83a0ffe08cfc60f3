import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import type { Hex } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { createEncounterFinder } from './createEncounterFinder.ts';
import type { Part } from './Part.ts';

/** How a bundle is to be split. */
export interface SplitOptions {
  /** 16 random bytes that tie the parts together; never used for another bundle. */
  readonly set: Hex;
  /** One part per category (the default), or one per category and encounter. */
  readonly by?: 'category' | 'encounter';
}

/**
 * Splits a bundle into parts that are each of one category, and can be sealed, granted and read alone. Entries stay
 * as they are, `fullUrl` and references included. The same bundle and options give the same parts.
 *
 * @param bundle - A valid bundle; it is not changed.
 * @param options - See `SplitOptions`.
 * @returns The parts by number. The first is of `demographics` where the bundle holds any.
 */
export function splitBundle(bundle: Bundle, { set, by = 'category' }: SplitOptions): Part[] {
  const { entry: entries = [], ...head } = bundle;
  const encounterOf = by === 'encounter' ? createEncounterFinder(entries) : () => '';

  const groups = new Map<string, { category: Category; entries: BundleEntry[] }>();
  const keys = entries.map((entry) => {
    const category = categorise(entry.resource);
    const key = `${category} ${encounterOf(entry)}`;
    const group = groups.get(key) ?? { category, entries: [] };
    groups.set(key, group);
    group.entries.push(entry);
    return key;
  });
  if (groups.size === 0) groups.set('', { category: 'other', entries: [] });

  // The sort is stable: demographics first, then by first appearance.
  const ordered = [...groups].toSorted(([, left], [, right]) => rank(left) - rank(right));
  const numbers = new Map(ordered.map(([key], number) => [key, number]));
  const order = keys.map((key) => numbers.get(key) ?? 0);

  return ordered.map(([, { category, entries }], part) => ({
    category,
    content: {
      format: 'medseal-part/1',
      set,
      part,
      ...(part === 0 && { whole: { bundle: head, order } }),
      entries,
    },
  }));
}

function rank({ category }: { category: Category }): number {
  return category === 'demographics' ? 0 : 1;
}
