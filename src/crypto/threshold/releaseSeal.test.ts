import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import type { Random } from '../Random.ts';
import addon from 'secp256k1/bindings.js';
import { nativeGroup } from '../../native/nativeGroup.ts';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { commitmentsOf } from './equalLogarithms.ts';
import { BASE, POINT_LENGTH, SECOND, type GroupPort } from './GroupPort.ts';
import { hashToScalar, sha256By } from './hashToScalar.ts';
import { nobleGroup } from './nobleGroup.ts';
import { createSeal, isSealFor, readSeal, SEAL_LENGTH, type SealLabel } from './releaseSeal.ts';
import { GROUP_ORDER, reduced, scalarBytes, toInteger } from './scalars.ts';

const group = nativeGroup(addon);
/** The largest integer of 32 bytes. */
const LARGEST = 2n ** 256n - 1n;
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

/** Arithmetic whose hash is always these bytes: a challenge that nobody finds otherwise. */
function hashing(to: Uint8Array): GroupPort {
  return { ...group, sha256: sha256By(() => to) };
}

/** A seal with a response of choice, by the nonce that gives it: nobody finds one for a hash that depends on the nonce. */
function responding(arithmetic: GroupPort, response: bigint): Uint8Array {
  const [secret, e] = [77n, hashToScalar(arithmetic, 'any')];
  const [point, twin] = [group.base(scalarBytes(secret)), group.second(scalarBytes(secret))];
  return sealOf(point, twin, e, response);
}

/** The nonce of a seal times the generator. */
function nonceOf(seal: Uint8Array): bigint {
  const { point, twin, challenge, response } = readSeal(seal);
  const multiples = [
    [BASE, point],
    [SECOND, twin],
  ] as const;
  const [commitment] = commitmentsOf(group, multiples, { challenge, response }) ?? [];
  return toInteger(commitment ?? assert.fail());
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
      ...[GROUP_ORDER, GROUP_ORDER + 1n, LARGEST].flatMap((scalar) => [
        sealOf(point, twin, scalar, response),
        sealOf(point, twin, challenge, scalar),
      ]),
    ];
    for (const arithmetic of [group, nobleGroup]) {
      for (const each of bad) assert.equal(isSealFor(arithmetic, LABEL, each), false);
    }
  });

  it('does not hold with a scalar plus the order, though it stands for the same', () => {
    // Zeros hash to 0; these bytes to a challenge of 127 bits, which has a second form below 2^256, as these responses have.
    const short = concatBytes(new Uint8Array(16), new Uint8Array(16).fill(255));
    for (const hash of [new Uint8Array(32), short]) {
      const arithmetic = hashing(hash);
      for (const response of [1n, 2n, 2n ** 128n]) {
        const seal = responding(arithmetic, response);
        assert.equal(isSealFor(arithmetic, LABEL, seal), true);
        const { point, twin, challenge: e, response: f } = readSeal(seal);
        assert.ok(e + GROUP_ORDER <= LARGEST && f + GROUP_ORDER <= LARGEST);
        for (const again of [
          sealOf(point, twin, e + GROUP_ORDER, f),
          sealOf(point, twin, e, f + GROUP_ORDER),
          sealOf(point, twin, e + GROUP_ORDER, f + GROUP_ORDER),
        ]) {
          assert.equal(isSealFor(arithmetic, LABEL, again), false);
          assert.throws(() => readSeal(again), { code: 'REQUEST_MALFORMED' });
        }
      }
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

  it('tells two secrets, and two nonces, apart though the source of randomness always gives the same', () => {
    // One version in files of two epochs, two versions, and one version in files of two keys.
    const seals = [LABEL, ...OTHERS.slice(1)].map((label) => sealFor(label, zeros));
    const other = createSeal(group, PUBLIC_KEY, LABEL, new Uint8Array(16), zeros).seal;
    const all = [...seals, other];
    for (const secret of [(seal: Uint8Array) => toInteger(readSeal(seal).point), nonceOf]) {
      assert.equal(new Set(all.map(secret)).size, all.length);
    }
    // Nor is a secret the nonce of its own proof or of another one: the response would give it away.
    const points = all.flatMap((seal) => [toInteger(readSeal(seal).point), nonceOf(seal)]);
    assert.equal(new Set(points).size, 2 * all.length);
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
