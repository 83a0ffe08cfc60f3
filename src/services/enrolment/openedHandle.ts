import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { HandleOpening } from '../ports.ts';

/** Random bytes of a patient ID. */
export const PATIENT_ID_BYTES = 8;
/** Random bytes of the salt of a handle. */
export const PATIENT_SALT_BYTES = 16;

const PATIENT_ID = new RegExp(`^P-[0-9A-F]{${2 * PATIENT_ID_BYTES}}$`);
const SALT = new RegExp(`^0x[0-9a-f]{${2 * PATIENT_SALT_BYTES}}$`);

/**
 * Computes the handle that an ID and a salt open, if both are exactly as the authority issues them.
 *
 * @param primitives - SHA-256.
 * @param channel - The channel's name.
 * @param opening - Not trusted.
 * @returns The handle, or undefined if the ID or the salt has another form.
 */
export function openedHandle(
  primitives: Pick<Primitives, 'sha256'>,
  channel: string,
  { patientId, salt }: HandleOpening,
): Handle | undefined {
  if (!PATIENT_ID.test(patientId) || !SALT.test(salt)) return undefined;
  return bytesToHex(handleOf(primitives, { channel, patientId, salt: hexToBytes(salt) }));
}
