import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { noKnownAllergyIn } from '../../../src/fhir/noKnownAllergy.ts';
import { codeWord } from './codeWords.ts';
import type { Said } from './Said.ts';
import { shownText } from './shownText.ts';

const OWN_LISTS = /^http:\/\/(?:terminology\.hl7\.org\/CodeSystem|hl7\.org\/fhir)\//;

/**
 * Says a FHIR CodeableConcept or Coding in words: our word for a code of FHIR's own lists, else its author's words, else
 * what its code's list says, else the code.
 *
 * @param concept - Anything.
 * @param element - The element that it stands in.
 * @returns Undefined if it says nothing.
 */
export function conceptOf(concept: unknown, element = ''): Said | undefined {
  const none = noKnownAllergyIn(concept);
  if (none !== undefined) return { word: `fhir.allergy_${none}` };
  const codings = [...listOf(fieldOf(concept, 'coding')).slice(0, 20), concept];
  for (const coding of codings) {
    const system = fieldOf(coding, 'system');
    if (typeof system !== 'string' || !OWN_LISTS.test(system)) continue;
    const word = codeWord(element, fieldOf(coding, 'code'));
    if (word !== undefined) return { word };
  }
  for (const from of [
    fieldOf(concept, 'text'),
    ...codings.map((coding) => fieldOf(coding, 'display')),
    ...codings.map((coding) => fieldOf(coding, 'code')),
  ]) {
    const text = shownText(from, 1000);
    if (text !== '') return text;
  }
  return undefined;
}
