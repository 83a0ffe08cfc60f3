import type { Resource } from '@medplum/fhirtypes';
import type { Hex } from '../protocol/ids.ts';
import type { Category } from '../protocol/vocabulary.ts';
import type { PartContent } from './Part.ts';

/**
 * The content of a record that is one resource: a bundle of one entry, in one part.
 *
 * @param set - 16 random bytes.
 * @param category - The category that it is sealed under.
 * @param resource - The resource.
 */
export function partOfResource(set: Hex, category: Category, resource: Resource): PartContent {
  return {
    format: 'medseal-part/1',
    set,
    part: 0,
    category,
    whole: { bundle: { resourceType: 'Bundle', type: 'collection' }, by: 'category', order: [0] },
    entries: [{ resource }],
  };
}
