import type { Bytes32 } from '../../../../src/protocol/ids.ts';

/**
 * Returns the number by which people name a prescription to each other, such as at the phone: the beginning of its id, in two
 * groups.
 *
 * @param digest - Digest of the prescription.
 */
export function slipNumber(digest: Bytes32): string {
  return `${digest.slice(2, 6)} ${digest.slice(6, 10)}`.toUpperCase();
}
