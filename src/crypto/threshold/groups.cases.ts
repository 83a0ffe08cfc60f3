import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes } from '../bytes.ts';
import { BASE, POINT_LENGTH, SECOND, type GroupPort } from './GroupPort.ts';
import { GROUP_ORDER, reduced, scalarBytes, toInteger } from './scalars.ts';

const MALFORMED = { code: 'REQUEST_MALFORMED' };
/** The coordinate that no point has: y² = x³ + 7 has no answer for x = 5. */
const OFF_CURVE = hexToBytes(`0x02${'00'.repeat(31)}05`);
/** The prime of the field (SEC 2 §2.4.1). */
const PRIME = 2n ** 256n - 2n ** 32n - 977n;

const scalar = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => (toInteger(bytes) % (GROUP_ORDER - 1n)) + 1n);
const secret = scalar.map(scalarBytes);

/**
 * The cases of the arithmetic, over every implementation of the port.
 *
 * @param name - Name of the implementation.
 * @param load - Gives it.
 * @param loadOther - Another one, which has to give the same bytes.
 */
export function groupsCases(
  name: string,
  load: () => Promise<GroupPort>,
  loadOther: () => Promise<GroupPort>,
): void {
  describe(`arithmetic of points over ${name}`, async () => {
    const [group, other] = [await load(), await loadOther()];

    it('has the multiples of the generator that others published', () => {
      // SEC 2, and twice the generator.
      const twice = '0x02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5';
      assert.deepEqual(group.base(scalarBytes(1n)), BASE);
      assert.equal(bytesToHex(group.base(scalarBytes(2n))), twice);
      const less = Uint8Array.from(BASE);
      less[0] = 3;
      assert.deepEqual(group.base(scalarBytes(GROUP_ORDER - 1n)), less);
      assert.deepEqual(group.second(scalarBytes(1n)), SECOND);
    });

    it('gives the same bytes as the other implementation', () => {
      fc.assert(
        fc.property(secret, secret, scalar, scalar, (one, two, left, right) => {
          const point = other.base(two);
          assert.deepEqual(group.base(one), other.base(one));
          assert.deepEqual(group.second(one), other.second(one));
          assert.deepEqual(group.multiply(point, one), other.multiply(point, one));
          assert.deepEqual(group.respond(one, left, two), other.respond(one, left, two));
          for (const first of [BASE, SECOND, point]) {
            const terms = [
              { point: first, scalar: left },
              { point, scalar: right },
            ];
            assert.deepEqual(group.sum(terms), other.sum(terms));
            assert.deepEqual(group.sum(terms.toReversed()), other.sum(terms.toReversed()));
          }
        }),
        { numRuns: 30 },
      );
    });

    it('adds as multiples of one point add', () => {
      fc.assert(
        fc.property(scalar, scalar, scalar, (one, two, three) => {
          const point = group.base(scalarBytes(two));
          const sum = group.sum([
            { point: BASE, scalar: one },
            { point, scalar: three },
          ]);
          const expected = reduced(one + two * three);
          assert.deepEqual(sum, expected === 0n ? undefined : group.base(scalarBytes(expected)));
        }),
        { numRuns: 20 },
      );
    });

    it('gives nothing for the point at infinity, and leaves out what is multiplied with 0', () => {
      const point = group.base(randomBytes(32));
      for (const first of [BASE, point]) {
        const nothing = group.sum([
          { point: first, scalar: 5n },
          { point: first, scalar: GROUP_ORDER - 5n },
        ]);
        assert.equal(nothing, undefined);
      }
      const zero = { point, scalar: 0n };
      assert.equal(group.sum([zero]), undefined);
      assert.equal(group.sum([zero, zero]), undefined);
      assert.deepEqual(group.sum([{ point: BASE, scalar: 1n }, zero]), BASE);
      assert.deepEqual(group.sum([zero, { point: BASE, scalar: 1n }]), BASE);
      const both = [
        { point: BASE, scalar: 0n },
        { point, scalar: 1n },
      ];
      assert.deepEqual(group.sum(both), point);
    });

    it('answers a proof', () => {
      fc.assert(
        fc.property(scalar, scalar, scalar, (nonce, challenge, own) => {
          const answer = group.respond(scalarBytes(nonce), challenge, scalarBytes(own));
          assert.equal(toInteger(answer), reduced(nonce + challenge * own));
        }),
        { numRuns: 20 },
      );
      const own = scalarBytes(7n);
      assert.deepEqual(group.respond(own, 0n, own), own);
      assert.deepEqual(group.respond(own, GROUP_ORDER - 1n, own), scalarBytes(0n));
    });

    const point = other.base(scalarBytes(3n));
    const full = secondHalfOf(point);
    const refused: [string, Uint8Array][] = [
      ['nothing', new Uint8Array()],
      ['one byte, as infinity is written', new Uint8Array(1)],
      ['33 bytes of 0', new Uint8Array(POINT_LENGTH)],
      ['a byte too few', point.subarray(0, 32)],
      ['a byte too many', Uint8Array.of(...point, 0)],
      ['the uncompressed form', Uint8Array.of(4, ...full)],
      ['the hybrid forms', Uint8Array.of(6, ...full)],
      ['the other hybrid form', Uint8Array.of(7, ...full)],
      ...[0, 1, 4, 5, 6, 7, 255].map((first): [string, Uint8Array] => [
        `33 bytes that begin with ${first}`,
        Uint8Array.of(first, ...point.subarray(1)),
      ]),
      ['what is not on the curve', OFF_CURVE],
      ['a coordinate that is the prime', Uint8Array.of(2, ...bytesOf(PRIME))],
      ['one that is not reduced', Uint8Array.of(2, ...bytesOf(PRIME + 1n))],
      ['the largest coordinate', Uint8Array.of(3, ...bytesOf(2n ** 256n - 1n))],
    ];
    for (const [what, bytes] of refused) {
      it(`refuses ${what} as a point`, () => {
        assert.equal(group.isPoint(bytes), false);
        assert.throws(() => group.multiply(bytes, scalarBytes(2n)), MALFORMED);
        for (const scalarOf of [0n, 1n, 5n]) {
          const bad = { point: bytes, scalar: scalarOf };
          assert.throws(() => group.sum([bad]), MALFORMED);
          assert.throws(() => group.sum([{ point: BASE, scalar: 2n }, bad]), MALFORMED);
        }
      });
    }

    it('takes points of both signs', () => {
      for (const first of [2, 3]) {
        assert.equal(group.isPoint(Uint8Array.of(first, ...point.subarray(1))), true);
      }
    });

    it('refuses what is not a scalar', () => {
      const bad = [
        new Uint8Array(32),
        scalarBytes(1n).subarray(1),
        Uint8Array.of(...scalarBytes(1n), 0),
        bytesOf(GROUP_ORDER),
        bytesOf(2n ** 256n - 1n),
      ];
      const own = scalarBytes(7n);
      for (const bytes of bad) {
        assert.throws(() => group.base(bytes), MALFORMED);
        assert.throws(() => group.second(bytes), MALFORMED);
        assert.throws(() => group.multiply(point, bytes), MALFORMED);
        assert.throws(() => group.respond(bytes, 1n, own), MALFORMED);
        assert.throws(() => group.respond(own, 1n, bytes), MALFORMED);
      }
      for (const integer of [-1n, GROUP_ORDER]) {
        assert.throws(() => group.sum([{ point, scalar: integer }]), MALFORMED);
        assert.throws(() => group.respond(own, integer, own), MALFORMED);
      }
    });

    it('leaves the secrets that it is given as they are', () => {
      const [nonce, own] = [randomBytes(32), randomBytes(32)];
      const copies = [Uint8Array.from(nonce), Uint8Array.from(own)];
      group.respond(nonce, 5n, own);
      group.multiply(point, own);
      assert.deepEqual([nonce, own], copies);
    });
  });
}

function bytesOf(integer: bigint): Uint8Array {
  return hexToBytes(`0x${integer.toString(16).padStart(64, '0')}`);
}

/** Both coordinates of a point, 64 bytes. */
function secondHalfOf(point: Uint8Array): Uint8Array {
  const x = toInteger(point.subarray(1));
  let y = power((x ** 3n + 7n) % PRIME, (PRIME + 1n) / 4n);
  if ((y & 1n) !== BigInt((point[0] ?? 0) & 1)) y = PRIME - y;
  return Uint8Array.of(...bytesOf(x), ...bytesOf(y));
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
