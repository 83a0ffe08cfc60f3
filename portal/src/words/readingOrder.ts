/** Languages that are written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar']);

/** Begins a piece of text that is read from left to right, or in the direction of its first letter, whatever stands around it; and ends one. */
const [LEFT_TO_RIGHT, OWN, END] = ['\u2066', '\u2068', '\u2069'];
/** These, and the mark that makes the first letter one that is read from right to left. */
const MARKS = /[\u200f\u2066\u2068\u2069]/g;

const HAS_TURNED = /[\u0590-\u08ff]/;
/** A line that somebody reads. */
const LINE = /.*[\p{L}\p{N}].*/gu;
/** Characters of scripts that are written from right to left. */
const TURNED = '\\p{scx=Arab}\\p{scx=Hebr}\\p{scx=Syrc}\\p{scx=Thaa}\\p{scx=Nkoo}';
/** Both ends of a character that is shown by its number, as `visibleText` writes it: it stays in one piece. */
const [OPENS, CLOSES] = ['\\\\(?=u\\{)', '(?<=\\\\u\\{[0-9a-f]{1,6})\\}'];
const FIRST = `(?:${OPENS}|(?![${TURNED}])[\\p{L}\\p{Nd}])`;
const LAST = `(?:${CLOSES}|(?![${TURNED}])[\\p{L}\\p{Nd}\\p{No}%°])`;
/**
 * Letters and digits that are read from left to right, with all between them and the sign before them, such as `≤ 132 / 82
 * mmHg`: up to a letter of a script that is written from right to left, a mark of direction, or the end of the line.
 */
const RUN = new RegExp(
  `(?:[<>≤≥±~+−-]\\s?)?${FIRST}(?:[^${TURNED}\\u200e\\u200f\\u2066-\\u2069\\n]*${LAST}\\)?)?`,
  'gu',
);

/**
 * Tells whether a language is written from right to left.
 *
 * @param locale - BCP 47 tag.
 */
export function isRightToLeft(locale: string): boolean {
  return RIGHT_TO_LEFT.has(locale.slice(0, 2));
}

/**
 * Keeps values in their order among words that are written from right to left, where `132 / 82` would be shown as `82 / 132`
 * and `500 mg` as `mg 500`: marks that nobody sees stand around each piece that is read from left to right. A page has
 * `<bdi>` for that; words that are joined before they come to a page have these marks.
 *
 * @param text - Words of any scripts.
 * @param locale - BCP 47 tag of the person's language; in one that is written from left to right a text stays as it is unless
 * its author wrote from right to left.
 */
export function unturned(text: string, locale: string): string {
  if (!HAS_TURNED.test(text)) {
    return isRightToLeft(locale) ? text.replaceAll(LINE, marked) : text;
  }
  return text.replace(RUN, (run) => {
    // A bracket that closes belongs to the one that opens.
    const isWhole = !run.endsWith(')') || run.split('(').length === run.split(')').length;
    return isWhole ? marked(run) : `${marked(run.slice(0, -1))})`;
  });
}

/**
 * Keeps a piece of text in its own direction beside another one in a drawing, whose labels stand from left to right.
 *
 * @param text - Words of any script.
 */
export function apart(text: string): string {
  return HAS_TURNED.test(text) ? `${OWN}${text}${END}` : text;
}

function marked(run: string): string {
  return `${LEFT_TO_RIGHT}${run}${END}`;
}

/**
 * Takes the marks out of a text that is kept, searched or copied: other languages do not need them, and a form refuses what
 * nobody can see.
 *
 * @param text - Words of the portal.
 */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, '');
}
