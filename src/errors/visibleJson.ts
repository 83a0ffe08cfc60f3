import { HIDDEN_CHARACTER } from './hiddenCharacter.ts';

/** Hidden characters, and marks on a letter that has more than any script needs. */
const HIDDEN = new RegExp(`${HIDDEN_CHARACTER.source}|(?<=\\p{M}{8})\\p{M}`, 'gu');
/** Between values these are white space; in a string JSON has no such character as it is. */
const WHITE = /^[\n\r\t]$/;

/**
 * JSON that says the same and holds no character as it is that a person cannot see or a terminal would obey.
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
