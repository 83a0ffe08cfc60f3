import { fieldOf, listOf } from './fieldOf.ts';

/** The address of SNOMED CT. */
export const SNOMED = 'http://snomed.info/sct';

/** Statements of SNOMED CT that somebody was asked and has no allergy, or none to a medicine: code and name. */
export const NO_KNOWN_ALLERGY = {
  none: ['716186003', 'No known allergy'],
  'no-drug': ['409137002', 'No known drug allergy'],
} as const;

/** The name of a statement that no allergy is known. */
export type NoKnownAllergy = keyof typeof NO_KNOWN_ALLERGY;

/** Codings of a concept that are looked at: others wrote it. */
const MOST = 20;

/**
 * Tells which statement that no allergy is known a concept is. A concept whose text says something else is not one: nobody
 * may take an allergen for its absence.
 *
 * @param concept - A CodeableConcept, or anything.
 * @returns Undefined for any other concept, such as an allergen.
 */
export function noKnownAllergyIn(concept: unknown): NoKnownAllergy | undefined {
  const text = fieldOf(concept, 'text');
  const codings = listOf(fieldOf(concept, 'coding'))
    .slice(0, MOST)
    .filter((coding) => fieldOf(coding, 'system') === SNOMED);
  return (['none', 'no-drug'] as const).find((name) => {
    const [code, display] = NO_KNOWN_ALLERGY[name];
    const isSaid = text === undefined || text === display;
    return isSaid && codings.some((coding) => fieldOf(coding, 'code') === code);
  });
}
