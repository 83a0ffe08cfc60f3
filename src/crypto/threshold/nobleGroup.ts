import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { requireReduced, parseScalar, reduced, scalarBytes } from './scalars.ts';
import { POINT_LENGTH, SECOND, type GroupPort } from './GroupPort.ts';
import { malformedPoint } from './malformedPoint.ts';

const { Point } = secp256k1;
type CurvePoint = InstanceType<typeof Point>;

/** Points that are multiplied often: a table of their multiples makes that several times as fast. */
const second = Point.fromBytes(SECOND).precompute(8);

/** Arithmetic in JavaScript (noble). */
export const nobleGroup: GroupPort = {
  base: (secret) => Point.BASE.multiply(parseScalar(secret)).toBytes(),
  second: (secret) => second.multiply(parseScalar(secret)).toBytes(),
  multiply: (point, secret) => readPoint(point).multiply(parseScalar(secret)).toBytes(),

  sum(terms) {
    const points = terms.map(({ point, scalar }) =>
      readPoint(point).multiplyUnsafe(requireReduced(scalar)),
    );
    const sum = points.reduce((one, other) => one.add(other), Point.ZERO);
    return sum.is0() ? undefined : sum.toBytes();
  },

  isPoint(bytes) {
    try {
      readPoint(bytes);
      return true;
    } catch {
      return false;
    }
  },

  respond: (nonce, challenge, secret) =>
    scalarBytes(reduced(parseScalar(nonce) + requireReduced(challenge) * parseScalar(secret))),

  sha256,
};

function readPoint(bytes: Uint8Array): CurvePoint {
  try {
    if (bytes.length === POINT_LENGTH) return Point.fromBytes(bytes);
  } catch {
    // The library's texts differ from one fault to the next; a caller learns one code.
  }
  throw malformedPoint();
}
