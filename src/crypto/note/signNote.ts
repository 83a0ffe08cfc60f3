import { base64 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { Primitives } from '../Primitives.ts';
import type { NoteKey } from './NoteKey.ts';
import { isNoteText } from './noteText.ts';

/**
 * Signs a text as a note (C2SP signed-note).
 *
 * @param primitives - The curve.
 * @param text - Ends with a line break; no other control characters.
 * @param keys - One or more; each signs the text.
 * @returns The text, an empty line, and one signature line a key.
 * @throws MedsealError `REQUEST_MALFORMED` if the text is another, or no key is given.
 */
export function signNote(
  primitives: Pick<Primitives, 'signEd25519'>,
  text: string,
  keys: readonly NoteKey[],
): string {
  if (!isNoteText(text) || keys.length === 0) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'text of a note' });
  }
  const message = utf8ToBytes(text);
  const lines = keys.map(({ name, id, seed }) => {
    const signature = primitives.signEd25519(message, seed);
    return `— ${name} ${base64.encode(concatBytes(id, signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}
