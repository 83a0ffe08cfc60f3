import { fieldOf, listOf } from './fieldOf.ts';
import { spend } from './budget.ts';

const PREFERRED = [
  'http://loinc.org',
  'http://snomed.info/sct',
  'http://www.nlm.nih.gov/research/umls/rxnorm',
];

/**
 * The code by which a concept is compared with others: its LOINC code if it has one, else that of SNOMED CT or RxNorm,
 * else its first one, else its text. One code alone counts: whoever writes two unlike codes must not make one
 * measurement of two.
 *
 * @param concept - A CodeableConcept, or anything.
 * @returns System and code with `|` between them; undefined if there is nothing to compare.
 */
export function codeOf(concept: unknown): string | undefined {
  const codings = listOf(fieldOf(concept, 'coding'))
    .slice(0, 50)
    .map((coding) => ({ system: fieldOf(coding, 'system'), code: fieldOf(coding, 'code') }))
    .filter(({ code }) => typeof code === 'string' && code !== '' && code.length <= 200);
  spend(1 + codings.length);
  const wanted = PREFERRED.map((system) => codings.find((each) => each.system === system));
  const chosen = wanted.find((each) => each !== undefined) ?? codings[0];
  if (chosen !== undefined)
    return `${typeof chosen.system === 'string' ? chosen.system.slice(0, 200) : ''}|${String(chosen.code)}`;
  const text = fieldOf(concept, 'text');
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  return `text|${text.trim().toLowerCase().slice(0, 500)}`;
}

/**
 * The codes of a concept of one of FHIR's own lists, such as a clinical status; of a plain code, that code.
 *
 * @param concept - Anything.
 */
export function codesIn(concept: unknown): readonly string[] {
  return listOf(concept)
    .slice(0, 50)
    .flatMap((each) => {
      if (typeof each === 'string') return [each];
      const codings = listOf(fieldOf(each, 'coding')).slice(0, 50);
      spend(1 + codings.length);
      return codings.map((coding) => fieldOf(coding, 'code'));
    })
    .filter((code) => typeof code === 'string');
}
