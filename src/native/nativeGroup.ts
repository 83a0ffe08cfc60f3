import { hash } from 'node:crypto';
import type { Secp256k1Addon } from 'secp256k1/bindings.js';
import { equalBytes } from '../crypto/bytes.ts';
import {
  BASE,
  POINT_LENGTH,
  SECOND,
  type GroupPort,
  type PointTerm,
} from '../crypto/threshold/GroupPort.ts';
import { sha256By } from '../crypto/threshold/hashToScalar.ts';
import { malformedPoint } from '../crypto/threshold/malformedPoint.ts';
import {
  malformedScalar,
  reduced,
  requireReduced,
  SCALAR_LENGTH,
  scalarBytes,
  toInteger,
} from '../crypto/threshold/scalars.ts';

/**
 * Arithmetic on bitcoin-core's library.
 *
 * @param addon - npm `secp256k1`, its `bindings.js`.
 */
export function nativeGroup(addon: Secp256k1Addon): GroupPort {
  return {
    base(secret) {
      requireSecret(secret);
      return addon.publicKeyCreate(secret, true);
    },

    second: (secret) => multiply(SECOND, secret),
    multiply,

    sum(terms) {
      for (const { point, scalar } of terms) {
        requireForm(point);
        requireReduced(scalar);
      }
      const [first, other] = terms;
      if (terms.length === 2 && first !== undefined && other !== undefined) {
        const sum = sumWithBase(first, other);
        if (sum !== undefined) return sum;
      }
      for (const { point, scalar } of terms) if (scalar === 0n) requireOnCurve(point);
      const points = terms.filter(({ scalar }) => scalar > 0n).map(timesPublic);
      if (points.length === 0) return undefined;
      try {
        return addon.publicKeyCombine(points, true);
      } catch {
        // All points are valid, so their sum is the point at infinity.
        return undefined;
      }
    },

    isPoint,

    respond(nonce, challenge, secret) {
      requireSecret(nonce);
      requireSecret(secret);
      requireReduced(challenge);
      if (challenge === 0n) return Uint8Array.from(nonce);
      const answer = addon.privateKeyTweakMul(Uint8Array.from(secret), scalarBytes(challenge));
      try {
        return addon.privateKeyTweakAdd(answer, nonce);
      } catch {
        // The library takes no sum that is 0, which comes up once in 2^256.
        return scalarBytes(0n);
      }
    },

    sha256: nativeSha256,
  };

  /** Elliptic-curve Diffie–Hellman that gives the point itself: the library's only multiplication in constant time. */
  function multiply(point: Uint8Array, secret: Uint8Array): Uint8Array {
    requireForm(point);
    requireSecret(secret);
    const output = new Uint8Array(POINT_LENGTH);
    return onCurve(() => addon.ecdh(point, secret, { hashfn: compressed }, output));
  }

  /** No integer is made of it: arithmetic of those takes a time that depends on them. */
  function requireSecret(bytes: Uint8Array): void {
    if (bytes.length !== SCALAR_LENGTH || !addon.privateKeyVerify(bytes)) throw malformedScalar();
  }

  function isPoint(bytes: Uint8Array): boolean {
    return hasForm(bytes) && addon.publicKeyVerify(bytes);
  }

  function requireOnCurve(point: Uint8Array): void {
    if (!isPoint(point)) throw malformedPoint();
  }

  /** 65 bytes: they are added at once, and a compressed point would have to be taken apart again. */
  function timesPublic({ point, scalar }: PointTerm): Uint8Array {
    const bytes = scalarBytes(scalar);
    return equalBytes(point, BASE)
      ? addon.publicKeyCreate(bytes, false)
      : onCurve(() => addon.publicKeyTweakMul(point, bytes, false));
  }

  /**
   * A multiple of the generator and one of another point in one multiplication: what the recovery of a signature's key computes
   * with the point as its nonce (SEC 1 §4.1.6). Undefined if that is not possible: the plain way gives it.
   */
  function sumWithBase(one: PointTerm, other: PointTerm): Uint8Array | undefined {
    if (!equalBytes(one.point, BASE) || other.scalar === 0n) return undefined;
    const x = other.point.subarray(1);
    const r = toInteger(x);
    if (reduced(r) !== r) return undefined;
    const signature = new Uint8Array(64);
    signature.set(x);
    signature.set(scalarBytes(reduced(other.scalar * r)), 32);
    const digest = scalarBytes(reduced(-one.scalar * r));
    try {
      return addon.ecdsaRecover(signature, (other.point[0] ?? 0) & 1, digest, true);
    } catch {
      return undefined;
    }
  }
}

/** The library takes 65 bytes too. */
function hasForm(point: Uint8Array): boolean {
  return point.length === POINT_LENGTH && (point[0] === 2 || point[0] === 3);
}

function requireForm(point: Uint8Array): void {
  if (!hasForm(point)) throw malformedPoint();
}

/** Multiplies a point: with a scalar that was looked at, the library fails for a point off the curve alone. */
function onCurve(run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch {
    throw malformedPoint();
  }
}

/** Five times as fast as noble's for so few bytes. */
const nativeSha256 = sha256By((data) => hash('sha256', data, 'buffer'));

function compressed(x: Uint8Array, y: Uint8Array): Uint8Array {
  const point = new Uint8Array(POINT_LENGTH);
  point[0] = 2 | ((y.at(-1) ?? 0) & 1);
  point.set(x, 1);
  return point;
}
