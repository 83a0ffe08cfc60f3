import type { PersonNamed } from './patientsIn.ts';

/** Result of a comparison: the same person, another one, or too little to tell. */
export type PersonsCompared = 'same' | 'different' | 'unknown';

/** Most names of one person that are compared. */
const MOST_NAMES = 10;

/** Letters that no accent makes. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * Compares what two FHIR Patients say of their names and birth dates. Case, accents, hyphens, the order of names, titles
 * and middle names that one leaves out make no difference; a missing birth date leaves it open, and so does a name in
 * another script.
 *
 * @param left - One.
 * @param right - The other.
 */
export function comparePersons(left: PersonNamed, right: PersonNamed): PersonsCompared {
  const dates = compareDates(left.birthDate, right.birthDate);
  const names = compareNames(left.names, right.names);
  if (dates === 'different' || names === 'different') return 'different';
  return dates === 'same' && names === 'same' ? 'same' : 'unknown';
}

/** As far as both say it: a year alone is the same as any day of it. */
function compareDates(left: string | undefined, right: string | undefined): PersonsCompared {
  if (left === undefined || right === undefined) return 'unknown';
  const most = Math.min(left.length, right.length);
  return left.slice(0, most) === right.slice(0, most) ? 'same' : 'different';
}

/** The same if any name of one fits any name of the other, among the first of each: nobody has more. */
function compareNames(left: readonly string[], right: readonly string[]): PersonsCompared {
  const [ours, theirs] = [left, right].map((names) =>
    names
      .slice(0, MOST_NAMES)
      .map(wordsOf)
      .filter((words) => words.length > 0),
  );
  if (!ours?.length || !theirs?.length) return 'unknown';
  const each = ours.flatMap((one) => theirs.map((other) => compareWords(one, other)));
  if (each.includes('same')) return 'same';
  return each.includes('unknown') ? 'unknown' : 'different';
}

function compareWords(left: readonly string[], right: readonly string[]): PersonsCompared {
  if (isLatin(left) !== isLatin(right)) return 'unknown';
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  const fits = few.every(oneOf(many));
  if (!fits) return 'different';
  // One word alone, such as a family name, is of too many people.
  return few.length > 1 || many.length === 1 ? 'same' : 'unknown';
}

/** Tells whether a word, or its initial, is one of several. */
function oneOf(words: readonly string[]): (word: string) => boolean {
  const all = new Set(words);
  const initials = new Set(words.map((word) => word.charAt(0)));
  return (word) =>
    word.length === 1 ? initials.has(word) : all.has(word) || all.has(word.charAt(0));
}

/** Words of a name without case, accents and what joins them; `ä`, `ae` and `a` are alike. */
function wordsOf(name: string): readonly string[] {
  return name
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\p{M}'’ʼ.]/gu, '')
    .replaceAll(/[øłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/æ|œ|ae|oe|ue/g, (pair) => (/[æa]/.test(pair) ? 'a' : pair === 'ue' ? 'u' : 'o'))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !TITLES.has(word));
}

const TITLES: ReadonlySet<string> = new Set(['dr', 'prof', 'mr', 'mrs', 'ms', 'herr', 'frau']);

function isLatin(words: readonly string[]): boolean {
  return words.some((word) => /\p{Script=Latin}/u.test(word));
}
