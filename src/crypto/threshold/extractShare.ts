import type { PairingPort } from './PairingPort.ts';

/**
 * A member's share of the key of an identity (Boldyreva 2003: its partial BLS signature over the identity).
 *
 * @param pairing - Arithmetic.
 * @param secret - The member's share of the master secret.
 * @param identity - The identity (`recordIdentity`).
 * @returns 48 bytes.
 */
export function extractShare(
  pairing: PairingPort,
  secret: bigint,
  identity: Uint8Array,
): Uint8Array {
  return pairing.multiplyG1(pairing.hashToG1(identity), secret);
}
