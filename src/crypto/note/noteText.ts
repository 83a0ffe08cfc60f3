/**
 * Tells whether a text can be signed as a note (C2SP signed-note): it ends with a line break, and holds no other
 * control characters. An empty line may stand in it: the signatures follow the last.
 */
export function isNoteText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}
