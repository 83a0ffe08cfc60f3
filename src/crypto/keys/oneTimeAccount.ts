import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { addressOf } from '../addressOf.ts';
import { utf8ToBytes } from '../bytes.ts';
import type { Primitives } from '../Primitives.ts';
import { firstAccepted } from './firstAccepted.ts';

const { Point } = secp256k1;

/**
 * Returns an account that is made for one purpose, of whoever has a signing key: the address of that key's public key plus
 * a multiple of the curve's generator, which follows from the secret of the purpose. Whoever does not know the secret
 * cannot tell whose it is; whoever does can pay to it, and only the owner of the key has the key of the account.
 *
 * @param primitives - Keccak-256.
 * @param publicKey - secp256k1 public key of the owner, 65 bytes, uncompressed.
 * @param secret - At least 16 random bytes of the purpose.
 * @returns 20 bytes in lower-case hexadecimal.
 */
export function oneTimeAccount(
  primitives: Pick<Primitives, 'keccak256'>,
  publicKey: Uint8Array,
  secret: Uint8Array,
): `0x${string}` {
  const own = Point.fromBytes(publicKey);
  const shift = Point.BASE.multiply(Point.Fn.fromBytes(shiftOf(publicKey, secret)));
  return addressOf(primitives, own.add(shift).toBytes(false));
}

/**
 * Returns the signing key of an account that `oneTimeAccount` names.
 *
 * @param primitives - The curve.
 * @param signingKey - secp256k1 scalar of the owner, 32 bytes.
 * @param secret - The secret of the purpose.
 * @returns secp256k1 scalar, 32 bytes.
 */
export function oneTimeKey(
  primitives: Pick<Primitives, 'publicKey'>,
  signingKey: Uint8Array,
  secret: Uint8Array,
): Uint8Array {
  const { Fn } = Point;
  const shift = Fn.fromBytes(shiftOf(primitives.publicKey(signingKey), secret));
  return Fn.toBytes(Fn.add(Fn.fromBytes(signingKey), shift));
}

/**
 * Returns what leads from a signing key to another of the same owner: their difference. It tells neither, but whoever has it and one
 * of them has both.
 *
 * @param signingKey - secp256k1 scalar, 32 bytes.
 * @param other - The other one.
 */
export function shiftBetween(signingKey: Uint8Array, other: Uint8Array): Uint8Array {
  const { Fn } = Point;
  return Fn.toBytes(Fn.sub(Fn.fromBytes(other), Fn.fromBytes(signingKey)));
}

/**
 * Returns the account to which a shift leads from a public key. Nobody finds a shift from their own key to the account of
 * another.
 *
 * @param primitives - Keccak-256.
 * @param publicKey - secp256k1 public key, 65 bytes, uncompressed.
 * @param shift - As `shiftBetween` gives it, not trusted.
 * @returns 20 bytes in lower-case hexadecimal; undefined if it is not a shift.
 */
export function shiftedAccount(
  primitives: Pick<Primitives, 'keccak256'>,
  publicKey: Uint8Array,
  shift: Uint8Array,
): `0x${string}` | undefined {
  if (!secp256k1.utils.isValidSecretKey(shift)) return undefined;
  const moved = Point.fromBytes(publicKey).add(Point.BASE.multiply(Point.Fn.fromBytes(shift)));
  return moved.is0() ? undefined : addressOf(primitives, moved.toBytes(false));
}

/** HKDF-SHA256 (RFC 5869) of the secret, for this owner alone. */
function shiftOf(publicKey: Uint8Array, secret: Uint8Array): Uint8Array {
  return firstAccepted(
    'medseal/1/account',
    (label) => hkdf(sha256, secret, publicKey, utf8ToBytes(label), 32),
    (candidate) => secp256k1.utils.isValidSecretKey(candidate),
  );
}
