import { MedsealError } from '../errors/MedsealError.ts';
import { utf8ToBytes } from './bytes.ts';
import { encodeFields } from './encodeFields.ts';
import type { Primitives } from './Primitives.ts';

const LABEL = utf8ToBytes('medseal/1/handle');

/**
 * A patient's handle in one channel: a commitment to the ID that the authority issued. It is different in each
 * channel, and tells nothing of the ID to whoever does not hold the salt.
 *
 * @param primitives - SHA-256.
 * @param opening - The channel's name, the issued ID, and a salt of at least 16 random bytes.
 * @returns 32 bytes: SHA-256 of the label, the channel, the ID and the salt, each behind its length.
 * @throws MedsealError `REQUEST_MALFORMED` if the salt is shorter.
 */
export function handleOf(
  primitives: Pick<Primitives, 'sha256'>,
  opening: { readonly channel: string; readonly patientId: string; readonly salt: Uint8Array },
): Uint8Array {
  const { channel, patientId, salt } = opening;
  if (salt.length < 16) throw new MedsealError('REQUEST_MALFORMED', { what: 'salt' });
  return primitives.sha256(encodeFields(LABEL, utf8ToBytes(channel), utf8ToBytes(patientId), salt));
}
