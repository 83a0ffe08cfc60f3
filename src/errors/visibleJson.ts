import { HIDDEN_CHARACTER } from './hiddenCharacter.ts';

/** Hidden characters, and marks on a letter that has more than any script needs. */
const HIDDEN = new RegExp(`${HIDDEN_CHARACTER.source}|(?<=\\p{M}{8})\\p{M}`, 'gu');
/** Between values these are white space; in a string JSON has no such character as it is. */
const WHITE = /^[\n\r\t]$/;

/**
 * Escapes, in JSON, every character that a person cannot see or that a terminal obeys; the value stays the same.
 *
 * @param json - JSON, on one line or several.
 */
export function visibleJson(json: string): string {
  return json.replaceAll(HIDDEN, (character) =>
    WHITE.test(character) ? character : character.split('').map(escaped).join(''),
  );
}

/** A UTF-16 code unit as JSON writes it out. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
