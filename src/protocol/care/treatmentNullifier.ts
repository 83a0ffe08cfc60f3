import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';
import type { Write } from '../struct/requests.ts';

const LABEL = 'medseal treatment';

/**
 * The number that stands for a treatment in every claim for it, so that nobody is paid for it twice. Whoever holds the
 * body of the treatment's first entry can make it; from the number alone nobody can tell which treatment it is. The first
 * version of a record is one write, so no other entry has the number, also one that was given the same salt.
 *
 * @param primitives - Keccak-256.
 * @param networkId - The network's id: elsewhere the same body gives another number.
 * @param write - The write in that body.
 */
export function treatmentNullifier(
  primitives: Pick<Primitives, 'keccak256'>,
  networkId: Bytes32,
  { handle, record, salt }: Pick<Write, 'handle' | 'record' | 'salt'>,
): Bytes32 {
  const values = [networkId, handle, record, salt].map(hexToBytes);
  const parts = [utf8ToBytes(LABEL), ...values];
  return bytesToHex(primitives.keccak256(concatBytes(...parts)));
}
