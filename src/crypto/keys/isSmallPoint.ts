import { bytesToHex } from '../bytes.ts';

/** The prime of Curve25519 (RFC 7748 §4.1). */
const PRIME = 2n ** 255n - 19n;
/** The points whose order divides 8, on the curve or its twist, by their u; there are no others. */
const SMALL: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  PRIME - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
]);

/**
 * Tells whether a public key of X25519 is a point of small order, with which every secret agrees on zero (RFC 7748 §6.1).
 * Looks it up, which takes a thousandth of the time of an agreement.
 *
 * @param key - 32 bytes, read as RFC 7748 §5 has it: without the topmost bit, and modulo the prime.
 */
export function isSmallPoint(key: Uint8Array): boolean {
  const u = BigInt.asUintN(255, BigInt(bytesToHex(key.toReversed())));
  return SMALL.has(u % PRIME);
}
