import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Bytes32, Hex } from './ids.ts';

const LABEL = 'medseal treatment';

/**
 * The number that stands for a treatment in every claim for it, so that nobody is paid for it twice. Whoever holds the
 * body of the treatment's first entry can make it; from the number alone nobody can tell which treatment it is.
 *
 * @param primitives - Keccak-256.
 * @param networkId - The network's id: elsewhere the same body gives another number.
 * @param salt - 16 bytes: the salt of that body.
 */
export function treatmentNullifier(
  primitives: Pick<Primitives, 'keccak256'>,
  networkId: Bytes32,
  salt: Hex,
): Bytes32 {
  const parts = [utf8ToBytes(LABEL), hexToBytes(networkId), hexToBytes(salt)];
  return bytesToHex(primitives.keccak256(concatBytes(...parts)));
}
