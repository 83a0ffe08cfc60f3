import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import type mcl from 'mcl-wasm';
import type { Fr, G1, G2, GT } from 'mcl-wasm';
import { equalBytes, utf8ToBytes } from '../bytes.ts';
import { malformedPoint } from './malformedPoint.ts';
import {
  BASE_G2,
  G1_LENGTH,
  G2_LENGTH,
  SEPARATION,
  type PairingPort,
  type PointTerm,
} from './PairingPort.ts';
import {
  GROUP_ORDER,
  randomScalar,
  reduced,
  requireReduced,
  requireScalar,
  toInteger,
} from './scalars.ts';

type Mcl = typeof mcl;

/** Bytes of a coordinate. */
const COORDINATE = 48;
/** Bytes from which a coordinate is hashed (RFC 9380 §5.1, L). */
const WIDE = 64;
/** Order of the field of coordinates. */
const FIELD_ORDER =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;

let loaded: Promise<PairingPort> | undefined;

/**
 * Loads pairing arithmetic in WebAssembly, once in a process: nothing is fetched, but a page needs `wasm-unsafe-eval`.
 *
 * @throws Error if the platform runs no WebAssembly.
 */
export async function loadMclPairing(): Promise<PairingPort> {
  loaded ??= load();
  return await loaded;
}

async function load(): Promise<PairingPort> {
  // The exports of a CommonJS module stand under its default.
  const { default: library } = (await import('mcl-wasm')) as unknown as { readonly default: Mcl };
  await library.init(library.BLS12_381);
  library.setETHserialization(true);
  library.setMapToMode(library.IRTF);
  library.verifyOrderG1(true);
  library.verifyOrderG2(true);
  return pairingOf(library);
}

function pairingOf(library: Mcl): PairingPort {
  const base = new library.G2();
  base.deserialize(BASE_G2);

  /** Points of G1 that were written here: read again, they need neither a square root nor a look at their order. */
  const ours = new WeakMap<Uint8Array, { readonly point: G1; readonly bytes: Uint8Array }>();
  const writeG1 = (point: G1): Uint8Array => {
    const bytes = written(point);
    ours.set(bytes, { point, bytes: bytes.slice() });
    return bytes;
  };
  const readG1 = (bytes: Uint8Array): G1 => {
    const known = ours.get(bytes);
    // Whoever got the bytes may have changed them.
    if (known !== undefined && equalBytes(known.bytes, bytes)) return known.point;
    return read(new library.G1(), bytes, G1_LENGTH);
  };
  const readG2 = (bytes: Uint8Array): G2 => read(new library.G2(), bytes, G2_LENGTH);

  const scalarOf = (scalar: bigint): Fr => {
    const own = new library.Fr();
    own.setStr(requireReduced(scalar).toString(16), 16);
    return own;
  };
  /** The library's time depends on the scalar: each part of one that is split at random tells nothing. */
  const timesSecret = (point: G1 | G2, secret: bigint): G1 | G2 => {
    requireScalar(secret);
    const part = randomScalar(randomBytes);
    const rest = scalarOf(reduced(secret - part));
    const [one, other] = [times(point, scalarOf(part)), times(point, rest)];
    return library.add(one as G1, other as G1);
  };
  const times = (point: G1 | G2, scalar: Fr): G1 | G2 => library.mul(point as G1, scalar);
  const sum = (
    terms: readonly PointTerm[],
    nothing: G1 | G2,
    readPoint: (bytes: Uint8Array) => G1 | G2,
  ): G1 | G2 =>
    terms
      .map(({ point, scalar }) => timesPublic(readPoint(point), requireReduced(scalar)))
      .reduce((all, point) => library.add(all as G1, point as G1), nothing);
  const sumOfG1 = (terms: readonly PointTerm[]): G1 => sum(terms, new library.G1(), readG1) as G1;
  /** A small scalar takes less time, and so does one that is small below the order: most weights of shares are. */
  const timesPublic = (point: G1 | G2, scalar: bigint): G1 | G2 => {
    if (scalar <= GROUP_ORDER / 2n) return times(point, scalarOf(scalar));
    return times(library.neg(point as G1), scalarOf(GROUP_ORDER - scalar));
  };

  return {
    hashToG1(message, separation = SEPARATION) {
      const wide = expand_message_xmd(message, utf8ToBytes(separation), 2 * WIDE, sha256);
      const [one, other] = [wide.subarray(0, WIDE), wide.subarray(WIDE)].map((half) => {
        const coordinate = new library.Fp();
        coordinate.setStr((toInteger(half) % FIELD_ORDER).toString(16), 16);
        return coordinate.mapToG1();
      });
      return writeG1(library.add(one as G1, other as G1));
    },
    multiplyG1: (point, secret) => writeG1(timesSecret(readG1(point), secret) as G1),
    multiplyBaseG2: (secret) => written(timesSecret(base, secret)),
    sumG1: (terms) => writeG1(sumOfG1(terms)),
    sumG2: (terms) => written(sum(terms, new library.G2(), readG2)),
    pair(left, right) {
      const point = left instanceof Uint8Array ? readG1(left) : finite(sumOfG1(left));
      return inOurOrder(library.pairing(point, readG2(right)));
    },
    pairEqual([a, b], [c, d]) {
      const product = library.mul(
        library.millerLoop(readG1(a), readG2(b)),
        library.millerLoop(library.neg(readG1(c)), readG2(d)),
      );
      return library.finalExp(product).isOne();
    },
    requireG1: (point) => void readG1(point),
    requireG2: (point) => void readG2(point),
  };
}

/** The library takes the point at infinity, and some points that are written in another way than it writes them. */
function read<T extends G1 | G2>(point: T, bytes: Uint8Array, length: number): T {
  try {
    point.deserialize(bytes);
  } catch {
    throw malformedPoint();
  }
  if (bytes.length !== length || point.isZero() || !equalBytes(point.serialize(), bytes)) {
    throw malformedPoint();
  }
  return point;
}

function written(point: G1 | G2): Uint8Array {
  return finite(point).serialize();
}

function finite<T extends G1 | G2>(point: T): T {
  if (point.isZero()) throw malformedPoint();
  return point;
}

/** The library writes the imaginary part of each pair of coordinates before the real one. */
function inOurOrder(value: GT): Uint8Array {
  const bytes = value.serialize();
  for (let at = 0; at < bytes.length; at += 2 * COORDINATE) {
    const imaginary = bytes.slice(at, at + COORDINATE);
    bytes.copyWithin(at, at + COORDINATE, at + 2 * COORDINATE);
    bytes.set(imaginary, at + COORDINATE);
  }
  return bytes;
}
