import { fieldOf, listOf } from '../fieldOf.ts';
import { groupsOfAtc, groupsOfWord } from './substanceGroups.ts';

/** Substances of a medicine or an allergy, as far as its codes and words tell. */
export interface Substances {
  /** Its author's words. */
  readonly name: string;
  /** Codes, each `system|code`. */
  readonly codes: ReadonlySet<string>;
  /** Words of its names that say a substance. */
  readonly words: ReadonlySet<string>;
  /** Groups of substances that it belongs to. */
  readonly groups: ReadonlySet<string>;
}

/** Most codings, texts and letters of a text that are looked at: others wrote them. */
const [MOST, LONGEST] = [50, 500];
const ATC = /\batc\b|2\.16\.840\.1\.113883\.6\.73/i;
/** Words of forms, amounts, salts and allergies, which name no substance. */
const EMPTY = new Set(
  (
    'tablet tablets capsule capsules oral solution injection injectable suspension cream ointment spray drop drops patch inhaler ' +
    'powder syrup extended release modified prolonged delayed immediate film coated chewable effervescent dose doses pack unit ' +
    'units hour hours day days daily milligram gram actuation medication medicine medicines drug drugs product substance substances ' +
    'allergy allergic reaction intolerance hypersensitivity disorder finding propensity adverse disposition situation known history ' +
    'topical prefilled syringe vial ampule acid disodium chloride hydrochloride sulfate sulphate phosphate acetate maleate tartrate succinate ' +
    'besylate mesylate fumarate citrate trihydrate dihydrate monohydrate hydrate anhydrous bromide nitrate ' +
    'tablette tabletten kapsel kapseln filmtabletten retardtabletten retard losung injektionslosung tropfen salbe saft pulver saure ' +
    'allergie uberempfindlichkeit unvertraglichkeit gegen stoff medikament arzneimittel wirkstoff chlorid hydrochlorid sulfat phosphat acetat'
  ).split(' '),
);
/** Salts that are a medicine only if nothing else is named. */
const SALTS = new Set('sodium potassium calcium magnesium natrium kalium kalzium'.split(' '));
/** Fewest letters of a word that counts, and of one that is found inside of another. */
const [SHORTEST, SHORTEST_WITHIN] = [4, 6];

/**
 * Returns what FHIR concepts of a medicine or an allergy tell of its substances.
 *
 * @param concepts - CodeableConcepts, or anything: others wrote them.
 */
export function substancesOf(concepts: readonly unknown[]): Substances {
  const codings = concepts
    .flatMap((concept) => listOf(fieldOf(concept, 'coding')).slice(0, MOST))
    .slice(0, MOST);
  const texts = [
    ...concepts.map((concept) => fieldOf(concept, 'text')),
    ...codings.map((coding) => fieldOf(coding, 'display')),
  ]
    .filter((text) => typeof text === 'string')
    .map((text) => text.slice(0, LONGEST))
    .slice(0, MOST);
  const codes = codings
    .map((coding) => [fieldOf(coding, 'system'), fieldOf(coding, 'code')] as const)
    .filter((pair): pair is readonly [string, string] =>
      pair.every((each) => typeof each === 'string' && each !== '' && each.length <= LONGEST),
    );
  const words = new Set(texts.flatMap(wordsIn));
  return {
    name: texts.find((text) => text.trim() !== '') ?? codes[0]?.[1] ?? '',
    codes: new Set(codes.map(([system, code]) => `${system}|${code}`)),
    words,
    groups: new Set([
      ...codes.flatMap(([system, code]) => (ATC.test(system) ? groupsOfAtc(code) : [])),
      ...[...words].flatMap(groupsOfWord),
    ]),
  };
}

/**
 * Returns what two of them have in common: a word, a code or a group; undefined if they have nothing.
 *
 * @param left - One of them.
 * @param right - The other one.
 */
export function sharedSubstance(left: Substances, right: Substances): string | undefined {
  for (const word of left.words) {
    for (const other of right.words) {
      const [short, long] = word.length <= other.length ? [word, other] : [other, word];
      if (short === long || (short.length >= SHORTEST_WITHIN && long.includes(short))) return short;
    }
  }
  return (
    [...left.codes].find((code) => right.codes.has(code)) ??
    [...left.groups].find((group) => right.groups.has(group))
  );
}

function wordsIn(text: string): readonly string[] {
  const all = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= SHORTEST && !EMPTY.has(word));
  const named = all.filter((word) => !SALTS.has(word));
  return named.length > 0 ? named : all;
}
