import { base64 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';
import { bytesToHex, utf8ToBytes } from '../bytes.ts';
import { isNoteName, parseVerifierKey } from './NoteKey.ts';
import type { Primitives } from '../Primitives.ts';
import { isNoteText } from './noteText.ts';

/** No note needs more signatures; a longer one would only cost time. */
const MOST_SIGNATURES = 100;

/**
 * The text of a note, if a known key signed it (C2SP signed-note). Signatures of unknown keys are passed over;
 * a wrong one of a known key spoils the note.
 *
 * @param primitives - The curve.
 * @param note - Text, an empty line, signature lines.
 * @param verifierKeys - The keys that are known; one of them must have signed.
 * @returns The text that was signed, its last line break included.
 * @throws MedsealError `EVIDENCE_INVALID` if no known key signed it, or it is not a note;
 * `REQUEST_MALFORMED` if a verifier key is not one.
 */
export function openNote(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  note: string,
  verifierKeys: readonly string[],
): string {
  const known = new Map(
    verifierKeys.map(parseVerifierKey).map((verifier) => [keyOf(verifier), verifier]),
  );
  const end = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, end);
  if (end === 0 || !isNoteText(text) || !isNoteText(note)) throw invalid('it is not a note');

  const lines = note.slice(end + 1, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw invalid('it has too many signatures');
  const message = utf8ToBytes(text);
  const signed = lines.map(parseSignature).filter((line) => {
    const verifier = known.get(keyOf(line));
    if (verifier === undefined) return false;
    if (!primitives.verifyEd25519(message, line.signature, verifier.publicKey))
      throw invalid('a signature is wrong');
    return true;
  });
  if (signed.length === 0) throw invalid('no known key signed it');
  return text;
}

interface SignatureLine {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

function parseSignature(line: string): SignatureLine {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  let bytes: Uint8Array = new Uint8Array();
  try {
    bytes = base64.decode(encoded);
  } catch {
    // Falls through to the length, which is then wrong.
  }
  if (!isNoteName(name) || bytes.length < 5) throw invalid('a signature line is malformed');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function keyOf({ name, id }: { readonly name: string; readonly id: Uint8Array }): string {
  return `${name}+${bytesToHex(id)}`;
}

function invalid(what: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', {
    reason: `the signed note is refused because ${what}`,
  });
}
