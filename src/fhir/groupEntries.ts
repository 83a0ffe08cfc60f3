import type { BundleEntry } from '@medplum/fhirtypes';
import type { Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { createEncounterFinder } from './createEncounterFinder.ts';
import type { SplitBy } from './Part.ts';

/** Entries that go into one part. */
export interface EntryGroup {
  readonly category: Category;
  /** The same for the same category and encounter, whatever bundle they are in. */
  readonly key: string;
  readonly entries: BundleEntry[];
}

/**
 * Groups the entries of a bundle.
 *
 * @param entries - All entries of the bundle.
 * @param by - The trait that the entries of a group share.
 * @param categoryOf - Tells the category of an entry; by its resource alone unless given.
 * @returns For each entry its group; entries of one group share the object.
 */
export function groupEntries(
  entries: readonly BundleEntry[],
  by: SplitBy,
  categoryOf: (entry: BundleEntry) => Category = ({ resource }) => categorise(resource),
): EntryGroup[] {
  const encounterOf = by === 'encounter' ? createEncounterFinder(entries) : () => '';
  const groups = new Map<string, EntryGroup>();
  return entries.map((entry) => {
    const category = categoryOf(entry);
    const key = `${category} ${encounterOf(entry)}`;
    const group = groups.get(key) ?? { category, key, entries: [] };
    groups.set(key, group);
    group.entries.push(entry);
    return group;
  });
}
