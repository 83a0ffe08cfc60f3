import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { shownText } from './shownText.ts';

/**
 * A person's name as it is written, from a FHIR HumanName.
 *
 * @param name - Anything.
 */
export function nameText(name: unknown): string {
  const written = shownText(fieldOf(name, 'text'), 200);
  if (written !== '') return written;
  return ['prefix', 'given', 'family', 'suffix']
    .flatMap((part) => listOf(fieldOf(name, part)).slice(0, 10))
    .map((part) => shownText(part, 100))
    .filter((part) => part !== '')
    .join(' ');
}
