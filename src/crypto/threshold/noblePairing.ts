import { bls12_381 } from '@noble/curves/bls12-381.js';
import { equalBytes } from '../bytes.ts';
import { malformedPoint } from './malformedPoint.ts';
import {
  G1_LENGTH,
  G2_LENGTH,
  SEPARATION,
  type PairingPort,
  type PointTerm,
} from './PairingPort.ts';
import { requireReduced, requireScalar } from './scalars.ts';

const { G1, G2, fields } = bls12_381;
type PointG1 = typeof G1.Point.BASE;
type PointG2 = typeof G2.Point.BASE;

/** Pairing arithmetic in JavaScript alone: it runs in every browser and in Node. */
export const noblePairing: PairingPort = {
  hashToG1: (message, separation = SEPARATION) =>
    G1.hashToCurve(message, { DST: separation }).toBytes(),

  multiplyG1(point, secret) {
    requireScalar(secret);
    return readG1(point).multiply(secret).toBytes();
  },

  multiplyBaseG2(secret) {
    requireScalar(secret);
    return G2.Point.BASE.multiply(secret).toBytes();
  },

  sumG1: (terms) => sumOfG1(terms).toBytes(),

  sumG2: (terms) =>
    finite(
      terms
        .map(({ point, scalar }) => readG2(point).multiplyUnsafe(requireReduced(scalar)))
        .reduce((sum, point) => sum.add(point), G2.Point.ZERO),
    ).toBytes(),

  pair(left, right) {
    const point = left instanceof Uint8Array ? readG1(left) : sumOfG1(left);
    return fields.Fp12.toBytes(bls12_381.pairing(point, readG2(right)));
  },

  pairEqual([a, b], [c, d]) {
    const pairs = [
      { g1: readG1(a), g2: readG2(b) },
      { g1: readG1(c).negate(), g2: readG2(d) },
    ];
    return fields.Fp12.eql(bls12_381.pairingBatch(pairs), fields.Fp12.ONE);
  },

  requireG1: (point) => void readG1(point),
  requireG2: (point) => void readG2(point),
};

function sumOfG1(terms: readonly PointTerm[]): PointG1 {
  return finite(
    terms
      .map(({ point, scalar }) => readG1(point).multiplyUnsafe(requireReduced(scalar)))
      .reduce((sum, point) => sum.add(point), G1.Point.ZERO),
  );
}

function readG1(bytes: Uint8Array): PointG1 {
  if (bytes.length !== G1_LENGTH) throw malformedPoint();
  return readPoint(() => G1.Point.fromBytes(bytes), bytes);
}

function readG2(bytes: Uint8Array): PointG2 {
  if (bytes.length !== G2_LENGTH) throw malformedPoint();
  return readPoint(() => G2.Point.fromBytes(bytes), bytes);
}

/** The library takes the point at infinity, and points outside the subgroup until they are asked. */
function readPoint<T extends PointG1 | PointG2>(read: () => T, bytes: Uint8Array): T {
  try {
    const point = finite(read());
    point.assertValidity();
    if (equalBytes(point.toBytes(), bytes)) return point;
  } catch {
    // The library's texts differ from one fault to the next; a caller learns one code.
  }
  throw malformedPoint();
}

function finite<T extends PointG1 | PointG2>(point: T): T {
  if (point.is0()) throw malformedPoint();
  return point;
}
