import { visibleText } from '../../errors/visibleText.ts';
import { objectionsIn, type Objection } from '../../fhir/effectiveResource.ts';
import { MOST_WORDS } from '../../client/letters/Mistake.ts';
import { describeMoment } from '../describeBody.ts';

/** Says for people what a patient says against a record, or what its author answers. */
export function describeObjection({ at, words, answer, version }: Objection): string {
  const said =
    words === undefined ? 'its words could not be opened' : visibleText(words, MOST_WORDS);
  if (answer === undefined) {
    return `The patient objects to this record (${describeMoment(at)}): ${said}`;
  }
  const begin =
    answer === 'amended'
      ? `The author answers that version ${version} amends it`
      : answer === 'declined'
        ? 'The author declines to amend it'
        : 'The author answers';
  return `${begin} (${describeMoment(at)})${said === '' ? '.' : `: ${said}`}`;
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
