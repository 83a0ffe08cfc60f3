import { identityToRecipient } from 'age-encryption';
import { bech32 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * The text of a post-quantum hybrid age identity (X25519 + ML-KEM-768).
 *
 * @param secret - 32 bytes, the seed of both keys.
 * @returns `AGE-SECRET-KEY-PQ-1…`, Bech32 in capitals.
 */
export function ageIdentity(secret: Uint8Array): string {
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', secret).toUpperCase();
}

/**
 * The recipient that belongs to an identity; whoever has it can seal and not open.
 *
 * @param identity - `AGE-SECRET-KEY-PQ-1…`.
 * @returns `age1pq1…`, 1,959 characters.
 * @throws MedsealError `REQUEST_MALFORMED` where the identity is not a post-quantum hybrid one.
 */
export async function recipientOf(identity: string): Promise<string> {
  if (!identity.startsWith('AGE-SECRET-KEY-PQ-1')) throw malformed();
  try {
    return await identityToRecipient(identity);
  } catch {
    // The cause would quote the secret.
    throw malformed();
  }
}

function malformed(): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what: 'age identity' });
}
