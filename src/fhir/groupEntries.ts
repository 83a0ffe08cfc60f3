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
 * @param by - What the entries of a group have in common.
 * @returns For each entry its group; entries of one group share the object.
 */
export function groupEntries(entries: readonly BundleEntry[], by: SplitBy): EntryGroup[] {
  const encounterOf = by === 'encounter' ? createEncounterFinder(entries) : () => '';
  const groups = new Map<string, EntryGroup>();
  return entries.map((entry) => {
    const category = categorise(entry.resource);
    const key = `${category} ${encounterOf(entry)}`;
    const group = groups.get(key) ?? { category, key, entries: [] };
    groups.set(key, group);
    group.entries.push(entry);
    return group;
  });
}
