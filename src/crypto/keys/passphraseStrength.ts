/** Words, and beginnings of words, that the first guesses of every list contain. */
const COMMON = [
  'password',
  'passwort',
  'passphrase',
  'letmein',
  'welcome',
  'willkommen',
  'iloveyou',
  'admin',
  'login',
  'secret',
  'geheim',
  'hallo',
  'hello',
  'dragon',
  'monkey',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'master',
  'shadow',
  'superman',
  'batman',
  'michael',
  'hospital',
  'medseal',
  'doctor',
  'patient',
  'spring',
  'summer',
  'sommer',
  'autumn',
  'winter',
  'january',
  'february',
  'december',
  'monday',
  'friday',
  'sunday',
  'changeme',
  'default',
  'test',
  'user',
];
/** Rows of keyboards, the alphabet and the digits: whoever follows one chooses only its beginning and length. */
const ROWS = [
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  '1q2w3e4r5t6y7u8i9o0p',
  '1q2w3e4r5t6z7u8i9o0p',
];
const FOLLOWED = [...ROWS, ...ROWS.map((row) => Array.from(row).toReversed().join(''))];
/** Letters that digits and signs are often written for. */
const WRITTEN_FOR: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};
/** Bits of a common word or a year, of a part that comes again, and of each character that goes on with what was before. */
const [KNOWN, REPEATED, AGAIN] = [5, 3, 0.5];
/** Bits of the first letter of a word, of each further one, of a sign that is a word, of a digit, and of anything else. */
const [FIRST, FURTHER, IDEOGRAPH, DIGIT, OTHER] = [4.7, 2, 6, 3.3, 5];

/** Most characters that are looked at: the rest cannot make it weaker. */
const MOST = 200;

/**
 * Estimates how hard a passphrase is to guess for somebody who knows how people choose them: letters count as those of a language,
 * and common words, years, rows of keys and repeats count almost nothing. It knows no dictionary, so it counts a sentence
 * that everybody knows too high.
 *
 * @param passphrase - The passphrase, in the form that is used.
 * @returns Base-2 logarithm of the number of guesses.
 */
export function passphraseBits(passphrase: string): number {
  const text = passphrase.slice(0, MOST).toLowerCase();
  const plain = text.replaceAll(/./gu, (each) => WRITTEN_FOR[each] ?? each);
  let bits = 0;
  for (let at = 0; at < text.length;) {
    const [length, cost] = stepAt(text, plain, at);
    bits += cost;
    at += length;
  }
  // Which letters are capitals.
  return passphrase.startsWith(text) ? bits : bits + 1;
}

/** The piece of a text that begins at a place: its length, and its bits. */
function stepAt(text: string, plain: string, at: number): readonly [number, number] {
  const known = [text, plain].flatMap((each) => COMMON.filter((word) => each.startsWith(word, at)));
  const word = Math.max(0, ...known.map(({ length }) => length));
  if (word > 0) return [word, KNOWN];
  if (/^(?:19|20)\d\d(?!\d)/.test(text.slice(at, at + 5))) return [4, KNOWN];
  const followed = longestFrom(text, at, (piece) => FOLLOWED.some((row) => row.includes(piece)));
  const repeated = longestFrom(text, at, (piece) => text.indexOf(piece) < at);
  if (repeated >= Math.max(followed, 1)) return [repeated, REPEATED];
  if (followed > 0) return [followed, KNOWN + AGAIN * (followed - 3)];
  const [character = '', before = ''] = [text[at], text[at - 1]];
  if (character === before) return [1, AGAIN];
  if (/\p{Script=Han}/u.test(character)) return [1, IDEOGRAPH];
  if (/\p{L}/u.test(character)) return [1, /\p{L}/u.test(before) ? FURTHER : FIRST];
  return [1, /\d/.test(character) ? DIGIT : character === ' ' ? AGAIN : OTHER];
}

/** Length of the longest piece from a place, of three characters at least, for which something holds; 0 if none. */
function longestFrom(text: string, at: number, holds: (piece: string) => boolean): number {
  let length = 0;
  for (let end = at + 3; end <= text.length && holds(text.slice(at, end)); end++) length = end - at;
  return length;
}
