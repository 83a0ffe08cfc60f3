import { identityToRecipient } from 'age-encryption';
import { bech32 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';
import { remembering } from '../remembering.ts';
import type { HybridKem } from '../sealing/HybridKem.ts';
import { isMlKemKey } from './isMlKemKey.ts';

const IDENTITY = 'AGE-SECRET-KEY-PQ-';
const RECIPIENT = 'age1pq';

/**
 * The text of a post-quantum hybrid age identity (X25519 + ML-KEM-768).
 *
 * @param seed - 32 bytes, the seed of both keys.
 * @returns `AGE-SECRET-KEY-PQ-1…`, Bech32 in capitals.
 */
export function ageIdentity(seed: Uint8Array): string {
  return bech32.encodeFromBytes(IDENTITY, seed).toUpperCase();
}

/**
 * The recipient that belongs to an identity; whoever has it can seal and not open.
 *
 * @param identity - `AGE-SECRET-KEY-PQ-1…`.
 * @param kem - A fast encapsulation; `age-encryption`'s if absent, which gives the same.
 * @returns `age1pq1…`, 1,959 characters.
 * @throws MedsealError `REQUEST_MALFORMED` if the identity is not a post-quantum hybrid one.
 */
export async function recipientOf(identity: string, kem?: HybridKem): Promise<string> {
  const seed = identitySeed(identity);
  if (kem === undefined) return await identityToRecipient(identity);
  return bech32.encode(RECIPIENT, bech32.toWords(kem.publicKey(seed)), false);
}

/**
 * The seed of an identity.
 *
 * @param identity - `AGE-SECRET-KEY-PQ-1…`.
 * @returns 32 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the identity is not a post-quantum hybrid one.
 */
export function identitySeed(identity: string): Uint8Array {
  return decoded(identity, `${IDENTITY}1`, 32, 'age identity');
}

/**
 * The public key of a recipient.
 *
 * @param recipient - `age1pq1…`.
 * @returns 1,216 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the recipient is not a post-quantum hybrid one, or its ML-KEM key is not one
 * by FIPS 203.
 */
export function recipientKey(recipient: string): Uint8Array {
  return known(recipient).slice();
}

/** Public keys of the last recipients: who seals does so to the same ones again and again. */
const known = remembering(64, (recipient) => {
  const key = decoded(recipient, `${RECIPIENT}1`, 1_216, 'age recipient');
  // Verified here, and not when something is sealed: the libraries differ about it.
  if (isMlKemKey(key.subarray(0, -32))) return key;
  throw new MedsealError('REQUEST_MALFORMED', { what: 'age recipient' });
});

function decoded(text: string, start: string, length: number, what: string): Uint8Array {
  try {
    // Bech32's own limit of 90 characters is put aside, as age does.
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false);
    const bytes = bech32.fromWords(words);
    // The prefix comes in small letters, whatever the text has; so the text's own beginning is looked at.
    const known = text.startsWith(start) && prefix.length === start.length - 1;
    if (known && bytes.length === length) return bytes;
  } catch {
    // The cause would quote the secret.
  }
  throw new MedsealError('REQUEST_MALFORMED', { what });
}
