import { objectionsIn } from '../../../src/fhir/effectiveResource.ts';
import type { Said } from './Said.ts';

/**
 * Returns the title of resources: it says if the patient objects to one of them, wherever the title is shown.
 *
 * @param title - Their title.
 * @param resources - The resources, as they stand now.
 */
export function objectedTitle(title: Said, ...resources: readonly unknown[]): Said {
  if (!resources.some((each) => objectionsIn(each).length > 0)) return title;
  return { parts: [title, { word: 'fhir.objected' }], joint: ' ' };
}
