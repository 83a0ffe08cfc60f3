import type { BundleEntry } from '@medplum/fhirtypes';
import type { Category } from '../protocol/vocabulary.ts';
import { categorise } from './categorise.ts';
import { isLabelled, isSensitive } from './securityLabels.ts';

/**
 * Makes the function that tells the category of an entry of a bundle: that of its resource; but a sensitivity of the
 * bundle is one of each of its entries that has no labels of its own, and one of what a server answered is one of the
 * entry that has it.
 *
 * @param bundle - The bundle's fields, with its entries or without.
 */
export function categoryWithin(bundle: object): (entry: BundleEntry) => Category {
  const inherited = isSensitive(bundle);
  return ({ resource, response }) => {
    if (inherited && !isLabelled(resource)) return 'sensitive';
    const category = categorise(resource);
    return categorise(response) === 'sensitive' ? 'sensitive' : category;
  };
}
