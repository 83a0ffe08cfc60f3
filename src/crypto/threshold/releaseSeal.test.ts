import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import type { Random } from '../Random.ts';
import addon from 'secp256k1/bindings.js';
import { nativeGroup } from '../../native/nativeGroup.ts';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { BASE, POINT_LENGTH, SECOND, type GroupPort } from './GroupPort.ts';
import { hashToScalar } from './hashToScalar.ts';
import { nobleGroup } from './nobleGroup.ts';
import { createSeal, isSealFor, readSeal, SEAL_LENGTH, type SealLabel } from './releaseSeal.ts';
import { GROUP_ORDER, reduced, scalarBytes, toInteger } from './scalars.ts';

const group = nativeGroup(addon);
const FILE_KEY = new Uint8Array(16).fill(3);
const PUBLIC_KEY = group.base(scalarBytes(12_345n));
const LABEL: SealLabel = {
  keyId: new Uint8Array(32).fill(7),
  identity: utf8ToBytes('a record version'),
  encapsulation: new Uint8Array(32).fill(4),
};
const OTHERS: readonly SealLabel[] = [
  { ...LABEL, keyId: new Uint8Array(32) },
  { ...LABEL, identity: utf8ToBytes('another record version') },
  { ...LABEL, encapsulation: new Uint8Array(32) },
];

function sealFor(label = LABEL, random: Random = randomBytes): Uint8Array {
  return createSeal(group, PUBLIC_KEY, label, FILE_KEY, random).seal;
}

/** A source of randomness that is broken. */
function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** A seal of these parts, as somebody writes it who need not know its secret. */
function sealOf(point: Uint8Array, twin: Uint8Array, e: bigint, f: bigint): Uint8Array {
  return concatBytes(point, twin, scalarBytes(e), scalarBytes(f));
}

/** Both points of another seal, moved by a multiple of their generators. */
function moved(seal: Uint8Array, by: bigint): readonly [Uint8Array, Uint8Array] {
  const { point, twin } = readSeal(seal);
  const add = (one: Uint8Array, base: Uint8Array): Uint8Array => {
    const sum = group.sum([
      { point: one, scalar: 1n },
      { point: base, scalar: by },
    ]);
    return sum ?? assert.fail();
  };
  return [add(point, BASE), add(twin, SECOND)];
}

/** The proof of somebody who knows a secret for points that are not its multiples. */
function proven(label: SealLabel, points: readonly Uint8Array[], secret: bigint): Uint8Array {
  const nonce = randomBytes(32);
  const [point = BASE, twin = BASE] = points;
  const { keyId, identity, encapsulation } = label;
  const commitments = [group.base(nonce), group.second(nonce)];
  const fields = [keyId, identity, encapsulation, point, twin, ...commitments];
  const e = hashToScalar(group, 'medseal/label-proof/1', ...fields);
  return sealOf(point, twin, e, toInteger(group.respond(nonce, e, scalarBytes(secret))));
}

describe('a seal', () => {
  it('is for its version in its file under its key alone, over both implementations', () => {
    const seal = sealFor();
    assert.equal(seal.length, SEAL_LENGTH);
    for (const arithmetic of [group, nobleGroup]) {
      assert.equal(isSealFor(arithmetic, LABEL, seal), true);
      for (const other of OTHERS) assert.equal(isSealFor(arithmetic, other, seal), false);
    }
    assert.equal(isSealFor(group, LABEL, proven(LABEL, [BASE, SECOND], 1n)), true);
  });

  it('is not moved to another version by anybody without its secret', () => {
    const seal = sealFor();
    const { challenge, response } = readSeal(seal);
    const [other = LABEL] = OTHERS.slice(1);
    for (const label of [LABEL, other]) {
      for (const by of [1n, 5n, GROUP_ORDER - 1n]) {
        const points = moved(seal, by);
        const [point, twin] = points;
        assert.equal(isSealFor(group, label, proven(label, points, by)), false);
        assert.equal(isSealFor(group, label, sealOf(point, twin, challenge, response)), false);
        const shifted = reduced(response + by * challenge);
        assert.equal(isSealFor(group, label, sealOf(point, twin, challenge, shifted)), false);
      }
    }
  });

  it('has two points of one secret, with one proof', () => {
    const [one, other] = [readSeal(sealFor()), readSeal(sealFor())];
    const { point, twin, challenge, response } = one;
    const bad = [
      sealOf(point, other.twin, challenge, response),
      sealOf(other.point, twin, challenge, response),
      sealOf(point, twin, other.challenge, other.response),
      sealOf(point, twin, challenge, other.response),
      sealOf(point, twin, 0n, response),
      sealOf(point, twin, challenge, 0n),
      sealOf(twin, point, challenge, response),
      proven(LABEL, [group.base(scalarBytes(2n)), group.second(scalarBytes(3n))], 2n),
      proven(LABEL, [group.base(scalarBytes(2n)), group.second(scalarBytes(3n))], 3n),
    ];
    for (const seal of bad) assert.equal(isSealFor(group, LABEL, seal), false);
  });

  it('has one spelling', () => {
    const seal = sealFor();
    const { point, twin, challenge, response } = readSeal(seal);
    const scalars = seal.subarray(2 * POINT_LENGTH);
    const bad = [
      new Uint8Array(),
      seal.subarray(1),
      concatBytes(seal, Uint8Array.of(0)),
      concatBytes(new Uint8Array(POINT_LENGTH), twin, scalars),
      concatBytes(point, new Uint8Array(POINT_LENGTH), scalars),
      ...[0, 4, 6, 7].map((first) =>
        concatBytes(Uint8Array.of(first), point.subarray(1), twin, scalars),
      ),
      ...(challenge < 2n ** 256n - GROUP_ORDER
        ? [concatBytes(point, twin, scalarBytes(challenge + GROUP_ORDER), scalarBytes(response))]
        : []),
      concatBytes(point, twin, new Uint8Array(32).fill(255), scalarBytes(response)),
      concatBytes(point, twin, scalarBytes(challenge), new Uint8Array(32).fill(255)),
    ];
    for (const arithmetic of [group, nobleGroup]) {
      for (const each of bad) assert.equal(isSealFor(arithmetic, LABEL, each), false);
    }
  });

  it('does not hold with any one bit changed', () => {
    const seal = sealFor();
    fc.assert(
      fc.property(fc.nat(8 * SEAL_LENGTH - 1), (bit) => {
        const altered = Uint8Array.from(seal);
        const place = Math.floor(bit / 8);
        altered[place] = (altered[place] ?? 0) ^ (1 << (bit % 8));
        return !isSealFor(group, LABEL, altered);
      }),
    );
  });

  it('tells two secrets apart though the source of randomness always gives the same', () => {
    const points = [LABEL, ...OTHERS.slice(1)].map(
      (label) => readSeal(sealFor(label, zeros)).point,
    );
    const other = createSeal(group, PUBLIC_KEY, LABEL, new Uint8Array(16), zeros).seal;
    const all = [...points, readSeal(other).point].map(toInteger);
    assert.equal(new Set(all).size, all.length);
  });

  it('is not made under what is not a point', () => {
    for (const bad of [new Uint8Array(POINT_LENGTH), PUBLIC_KEY.subarray(1)]) {
      const made = (arithmetic: GroupPort) => (): unknown =>
        createSeal(arithmetic, bad, LABEL, FILE_KEY, randomBytes);
      assert.throws(made(group), { code: 'REQUEST_MALFORMED' });
      assert.throws(made(nobleGroup), { code: 'REQUEST_MALFORMED' });
    }
  });
});
