const NARROW = /^[\x20-\x7e]*$/;
const MARK = /^[\p{M}\u200c\u200d]$/u;
/** Emoji, and the blocks of East Asian scripts: each character has two columns. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/**
 * Number of columns that a text takes on a terminal.
 *
 * @param text - Visible text, without styles.
 */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!MARK.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
