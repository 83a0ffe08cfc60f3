import type { Bundle, BundleEntry, Coding } from '@medplum/fhirtypes';
import type { Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { isLabelled, sensitiveLabels } from './securityLabels.ts';

/**
 * Makes the function that tells the category of an entry of a bundle: that of its resource; but a sensitivity of the
 * bundle is one of each of its entries that has no labels of its own, and one of what a server answered is one of the
 * entry that has it.
 *
 * A document is as sensitive as its composition, which comes first and speaks for all of it, as the header of a CDA document does.
 *
 * @param bundle - The bundle's fields, and its entries as far as they are known.
 */
export function categoryWithin({
  entry: [first] = [],
  ...head
}: Pick<Partial<Bundle>, 'type' | 'entry'>): (entry: BundleEntry) => Category {
  const inherited = inheritedLabels({ ...head, ...(first && { entry: [first] }) }).length > 0;
  return ({ resource, response }) => {
    if (inherited && !isLabelled(resource)) return 'sensitive';
    const category = categorise(resource);
    return categorise(response) === 'sensitive' ? 'sensitive' : category;
  };
}

/**
 * The labels by which each entry of a bundle is sensitive that has no labels of its own: those of the bundle, and of a
 * document's composition.
 *
 * @param bundle - The bundle's fields, and its first entry.
 */
export function inheritedLabels({
  entry: [first] = [],
  ...head
}: Pick<Partial<Bundle>, 'type' | 'entry'>): readonly Coding[] {
  const ofComposition = head.type === 'document' ? sensitiveLabels(first?.resource) : [];
  return [...sensitiveLabels(head), ...ofComposition];
}
