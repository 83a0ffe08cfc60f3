import { ed25519 } from '@noble/curves/ed25519.js';
import { base64 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { NoteKey } from './NoteKey.ts';
import { isNoteText } from './noteText.ts';

/**
 * Signs a text as a note (C2SP signed-note).
 *
 * @param text - Ends with a line break; no other control characters.
 * @param keys - One or more; each signs the text.
 * @returns The text, an empty line, and one signature line a key.
 * @throws MedsealError `REQUEST_MALFORMED` where the text is another, or no key is given.
 */
export function signNote(text: string, keys: readonly NoteKey[]): string {
  if (!isNoteText(text) || keys.length === 0) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'text of a note' });
  }
  const message = utf8ToBytes(text);
  const lines = keys.map(({ name, id, seed }) => {
    const signature = ed25519.sign(message, seed);
    return `— ${name} ${base64.encode(concatBytes(id, signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}
