import { HIDDEN_CHARACTER } from './hiddenCharacter.ts';

/** Largest number of characters that a text is shown with, unless another number is given. */
const LONGEST = 4000;
/** Largest number of marks on one letter: scripts need five; a text that overflows its row has hundreds. */
const MOST_MARKS = 8;

const PLAIN = /^[\x20-\x7e]*$/;
const MARK = /^\p{M}$/u;
const SPACE = /^\p{Zs}$/u;
const SELECTOR = /^\ufe0f$/;

/** Invisible characters that a script or an emoji needs: the character, then what must stand before and after it. */
const NEEDED: readonly (readonly [RegExp, RegExp, RegExp])[] = [
  [/^\u200d$/, /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u, /^\p{Extended_Pictographic}$/u],
  // Letters of these scripts are joined, and kept apart, by joiners.
  ...[
    /^[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}]$/u,
    /^[\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}]$/u,
    /^[\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}]$/u,
  ].map((script) => [/^[\u200c\u200d]$/, script, script] as const),
  // A vowelless letter at the end of a word in Malayalam.
  [/^\u200d$/, /^\u0d4d$/, /^/],
  [/^[\ufe0e\ufe0f]$/, /^\p{Emoji}$/u, /^/],
  [/^[\ufe00-\ufe02\u{e0100}-\u{e01ef}]$/u, /^\p{Script=Han}$/u, /^/],
  [/^[\u180b-\u180d\u180f]$/, /^\p{Script=Mongolian}$/u, /^/],
];

/**
 * Makes one line that is safe to show of a text that others wrote. Characters that are hidden or that a terminal
 * obeys are written out, such as `\u{202e}`; every space becomes a plain one; too many marks on a letter, and the end
 * of a text that is too long, become `…`.
 *
 * @param text - Any text, also one with half characters.
 * @param most - The most characters of the result.
 */
export function visibleText(text: string, most: number = LONGEST): string {
  if (text.length <= most && PLAIN.test(text)) return text;
  let shown = '';
  let [length, marks, before] = [0, 0, ''];
  // One character of the result comes from any number of marks; the rest of a long text is not looked at.
  const characters = Array.from(text.slice(0, 16 * most));
  const isCut = text.length > 16 * most;
  for (const [at, character] of characters.entries()) {
    marks = MARK.test(character) ? marks + 1 : 0;
    if (marks > MOST_MARKS + 1) continue;
    const next = marks > MOST_MARKS ? '…' : shownAs(character, before, characters[at + 1] ?? '');
    const isLast = !isCut && at + 1 === characters.length;
    length += Array.from(next).length;
    if (length > most || (length === most && !isLast)) return `${shown}…`;
    shown += next;
    if (!SELECTOR.test(character)) before = character;
  }
  return isCut ? `${shown}…` : shown;
}

function shownAs(character: string, before: string, after: string): string {
  if (SPACE.test(character)) return ' ';
  // A mark with nothing below it would be drawn on what stands before the text.
  const isLoose = before === '' && MARK.test(character);
  if (!isLoose && !HIDDEN_CHARACTER.test(character)) return character;
  const isNeeded = NEEDED.some(
    ([which, left, right]) => which.test(character) && left.test(before) && right.test(after),
  );
  if (isNeeded) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
