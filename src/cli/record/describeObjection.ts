import { visibleText } from '../../errors/visibleText.ts';
import { objectionsIn, type Objection } from '../../fhir/effectiveResource.ts';
import { MOST_WORDS } from '../../client/letters/Mistake.ts';
import { describeMoment } from '../describeBody.ts';

/** Says for people what a patient says against a record. */
export function describeObjection({ at, words }: Objection): string {
  const said =
    words === undefined ? 'its words could not be opened' : visibleText(words, MOST_WORDS);
  return `The patient objects to this record (${describeMoment(at)}): ${said}`;
}

/**
 * Returns what the patient says against entries of a bundle, each once.
 *
 * @param entries - Effective entries, as `effectivePart` gives them.
 */
export function objectionsInAll(
  entries: readonly { readonly resource?: unknown }[] = [],
): readonly Objection[] {
  const all = entries.flatMap(({ resource }) => objectionsIn(resource));
  return [...new Map(all.map((each) => [`${each.at} ${each.words}`, each])).values()];
}
