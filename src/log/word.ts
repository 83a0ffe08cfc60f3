import { hexToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * The 32 bytes that hexadecimal stands for.
 *
 * @throws MedsealError `REQUEST_MALFORMED` if it stands for anything else.
 */
export function word256(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.length === 32) return bytes;
  throw new MedsealError('REQUEST_MALFORMED', { what: 'a word of 32 bytes' });
}
