/**
 * Tells whether a text can be signed as a note (C2SP signed-note): it ends with a line break, and holds no other
 * control characters. An empty line may stand in it: the signatures follow the last.
 */
export function isNoteText(text: string): boolean {
  if (!text.endsWith('\n') || !text.isWellFormed()) return false;
  return Array.from(text).every((character) => character >= ' ' || character === '\n');
}
