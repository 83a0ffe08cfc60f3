import { seedToPhrase } from '../../../src/client/index.ts';
import { hexToBytes } from '../../../src/crypto/bytes.ts';
import type { Bytes32 } from '../../../src/protocol/ids.ts';

/** Number of words that people read to each other: eleven bits each, so that nobody finds another key with the same. */
const COUNT = 12;

/**
 * Puts the fingerprint of a recipient into words that two people read to each other: the first 132 bits, by the list of
 * BIP-39. They are public, and fewer than the words of a key, so that nobody takes the one for the other.
 *
 * @param fingerprint - SHA-256 of the recipient.
 */
export function fingerprintWords(fingerprint: Bytes32): readonly string[] {
  return seedToPhrase(hexToBytes(fingerprint)).split(' ').slice(0, COUNT);
}
