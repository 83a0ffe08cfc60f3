import { base64nopad } from '@scure/base';
import { ENCAPSULATED_LENGTH } from '../sealing/HybridKem.ts';
import type { Encapsulated } from './evidencedKem.ts';
import { EVIDENCED, NAMED } from './evidencedStanza.ts';
import { SEAL_LENGTH } from './releaseSeal.ts';

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
/** One range, for its speed: base64 and few signs more, with which age reads nothing; neither a space nor the end of a line. */
const LETTER = '[+-z]';
/** A wrapped file key, or the MAC: 32 bytes, of which the last letter has four bits. */
const [SHORT, SHORT_LENGTH] = [`${LETTER}{42}[AEIMQUYcgkosw048]`, 43];
/** X-Wing's encapsulation, of which the last letter has two bits. */
const ENCAPSULATED_LETTERS = Math.ceil((ENCAPSULATED_LENGTH * 8) / 6);
const ENCAPSULATED = `${LETTER}{${ENCAPSULATED_LETTERS - 1}}[AQgw]`;
/** A seal, which begins with a compressed point: its first byte is 2 or 3. Its last letter has two bits. */
const SEAL_LETTERS = Math.ceil((SEAL_LENGTH * 8) / 6);
const SEAL = `A[+/0-9g-z]${LETTER}{${SEAL_LETTERS - 3}}[AQgw]`;
const KEY_LETTERS = Math.ceil((NAMED * 8) / 6);

/** The beginning of a file whose first stanza opens with a release. */
export const EVIDENCED_BEGINNING = `age-encryption.org/v1\n-> ${EVIDENCED} `;
const OWN = '-> mlkem768x25519 ';
const AFTER_KEY = new RegExp(
  `^ (${ENCAPSULATED}) (${SEAL})\\n${SHORT}\\n${OWN}${ENCAPSULATED}\\n${SHORT}\\n--- ${SHORT}\\n$`,
);

/** Bytes of the header of a guarded file, all of which have as many. */
export const GUARDED_HEADER_LENGTH =
  EVIDENCED_BEGINNING.length +
  KEY_LETTERS +
  ` `.length +
  ENCAPSULATED_LETTERS +
  ` `.length +
  SEAL_LETTERS +
  `\n`.length +
  SHORT_LENGTH +
  `\n${OWN}`.length +
  ENCAPSULATED_LETTERS +
  `\n`.length +
  SHORT_LENGTH +
  `\n--- `.length +
  SHORT_LENGTH +
  `\n`.length;

/**
 * Reads the header of a guarded file: the stanza that names a release key, the patient's own, and no other.
 *
 * @param beginning - At least the first `GUARDED_HEADER_LENGTH` bytes of the file, if it has as many; not trusted.
 * @param keyId - Id of the release key, 32 bytes.
 * @returns Both parts of its first stanza, of which nothing is verified; undefined if it is another header.
 */
export function readGuardedHeader(
  beginning: Uint8Array,
  keyId: Uint8Array,
): Encapsulated | undefined {
  // Bytes that are not of UTF-8 become a character that no header has.
  const header = DECODER.decode(beginning.subarray(0, GUARDED_HEADER_LENGTH));
  const named = `${EVIDENCED_BEGINNING}${base64nopad.encode(keyId.subarray(0, NAMED))}`;
  const [, encapsulated, seal] =
    (header.startsWith(named) && AFTER_KEY.exec(header.slice(named.length))) || [];
  if (encapsulated === undefined || seal === undefined) return undefined;
  try {
    return { encapsulated: base64nopad.decode(encapsulated), seal: base64nopad.decode(seal) };
  } catch {
    return undefined;
  }
}
