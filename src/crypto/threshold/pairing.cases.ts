import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../bytes.ts';
import { BASE_G2, type LoadAsyncPairing, type PointTerm } from './PairingPort.ts';
import { GROUP_ORDER } from './scalars.ts';
import vectors from './test/pairingVectors.json' with { type: 'json' };

const BASE_G1 = hexToBytes(vectors.multiples[0]?.g1 ?? '');
const MALFORMED = { code: 'REQUEST_MALFORMED' };
const PROPERTY = { numRuns: 5 };
const scalars = fc.bigInt({ min: 1n, max: GROUP_ORDER - 1n });

/**
 * The cases that every implementation of the port passes.
 *
 * @param name - Its name.
 * @param load - Gives it.
 */
export function pairingCases(name: string, load: LoadAsyncPairing): void {
  describe(name, async () => {
    const pairing = await load();
    const times = async (point: Uint8Array, scalar: bigint): Promise<Uint8Array> =>
      await pairing.sumG1([{ point, scalar }]);

    it('hashes to G1 as RFC 9380 J.9.1 publishes', async () => {
      const separation = 'QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_';
      for (const { message, point } of vectors.hashes) {
        assert.equal(bytesToHex(await pairing.hashToG1(utf8ToBytes(message), separation)), point);
      }
    });

    it('hashes under a domain of its own, always in the same way', async () => {
      assert.equal(
        bytesToHex(await pairing.hashToG1(utf8ToBytes('abc'))),
        '0xb54b52282b05752041f0ed5903c71df1e9507e8d2ae8f05228ca589abb5e54c2e00a5bee23bc8caab72ea68458813ac0',
      );
    });

    it('pairs the generators to the value that RELIC computes, in our order of coordinates', async () => {
      assert.equal(bytesToHex(await pairing.pair(BASE_G1, BASE_G2)), vectors.generators);
    });

    it('finds equal the pairings of EIP-2537 whose product is one', async () => {
      for (const { name: what, one, other } of vectors.pairs) {
        const [a, b] = one.map(hexToBytes) as [Uint8Array, Uint8Array];
        const [c, d] = other.map(hexToBytes) as [Uint8Array, Uint8Array];
        assert.equal(await pairing.pairEqual([a, b], [negated(c), d]), true, what);
        assert.equal(await pairing.pairEqual([a, b], [c, d]), false, what);
      }
    });

    it('writes multiples of the generators as zkcrypto does', async () => {
      for (const { times: factor, g1, g2 } of vectors.multiples) {
        assert.equal(bytesToHex(await times(BASE_G1, BigInt(factor))), g1);
        assert.equal(bytesToHex(await pairing.multiplyG1(BASE_G1, BigInt(factor))), g1);
        assert.equal(bytesToHex(await pairing.multiplyBaseG2(BigInt(factor))), g2);
      }
    });

    it('moves a factor from one side of a pairing to the other', async () => {
      await fc.assert(
        fc.asyncProperty(scalars, scalars, async (a, b) => {
          const [p, q] = [await times(BASE_G1, a), await pairing.multiplyBaseG2(b)];
          const product = await times(BASE_G1, (a * b) % GROUP_ORDER);
          assert.deepEqual(await pairing.pair(p, q), await pairing.pair(product, BASE_G2));
          assert.equal(await pairing.pairEqual([p, q], [product, BASE_G2]), true);
        }),
        PROPERTY,
      );
    });

    it('sums as scalars do, and multiplies by a secret as by any scalar', async () => {
      await fc.assert(
        fc.asyncProperty(scalars, scalars, async (a, b) => {
          const sum = (a + b) % GROUP_ORDER;
          fc.pre(sum !== 0n);
          const terms = [a, b].map((scalar) => ({ point: BASE_G1, scalar }));
          assert.deepEqual(await pairing.sumG1(terms), await pairing.multiplyG1(BASE_G1, sum));
          const above = [a, b].map((scalar) => ({ point: BASE_G2, scalar }));
          assert.deepEqual(await pairing.sumG2(above), await pairing.multiplyBaseG2(sum));
        }),
        PROPERTY,
      );
    });

    it('pairs a sum that is not written as it pairs the one that is', async () => {
      await fc.assert(
        fc.asyncProperty(scalars, scalars, async (a, b) => {
          fc.pre((a + b) % GROUP_ORDER !== 0n);
          const terms = [a, b].map((scalar) => ({ point: BASE_G1, scalar }));
          const sum = await pairing.sumG1(terms);
          assert.deepEqual(await pairing.pair(terms, BASE_G2), await pairing.pair(sum, BASE_G2));
        }),
        PROPERTY,
      );
    });

    it('takes the factor 0 in a sum, and refuses a sum that is the point at infinity', async () => {
      const none = { point: BASE_G1, scalar: 0n };
      assert.deepEqual(await pairing.sumG1([none, { point: BASE_G1, scalar: 1n }]), BASE_G1);
      const terms: PointTerm[] = [
        { point: BASE_G1, scalar: 1n },
        { point: negated(BASE_G1), scalar: 1n },
      ];
      await refuses(async () => await pairing.sumG1([none]));
      await refuses(async () => await pairing.sumG1(terms));
      await refuses(async () => await pairing.sumG1([]));
      for (const left of [[none], terms, []])
        await refuses(async () => await pairing.pair(left, BASE_G2));
      await refuses(async () => await pairing.sumG2([]));
      await refuses(async () => await pairing.sumG2([{ point: BASE_G2, scalar: 0n }]));
    });

    it('takes bytes for what they are, also if it wrote them and somebody changed them', async () => {
      const two = await times(BASE_G1, 2n);
      const changed = await times(BASE_G1, 3n);
      changed.set(two);
      assert.deepEqual(await pairing.multiplyG1(changed, 5n), await times(BASE_G1, 10n));
      assert.deepEqual(await pairing.pair(changed, BASE_G2), await pairing.pair(two, BASE_G2));
      changed.fill(0xff);
      await refuses(async () => await pairing.requireG1(changed));
      await refuses(async () => await pairing.pair(changed, BASE_G2));
      const hashed = await pairing.hashToG1(utf8ToBytes('abc'));
      assert.deepEqual(
        await pairing.multiplyG1(hashed, 7n),
        await pairing.multiplyG1(hashed.slice(), 7n),
      );
    });

    it('refuses points of EIP-2537 that are outside the subgroup or not of the curve', async () => {
      for (const { what, group, point } of vectors.refused) {
        const bytes = hexToBytes(point);
        await refuses(
          async () => await (group === 1 ? pairing.requireG1(bytes) : pairing.requireG2(bytes)),
          what,
        );
        await refuses(
          async () =>
            await (group === 1 ? pairing.pair(bytes, BASE_G2) : pairing.pair(BASE_G1, bytes)),
          what,
        );
      }
    });

    it('refuses the point at infinity, other lengths, other ways to write a point, and the other group', async () => {
      const uncompressed = BASE_G1.slice();
      uncompressed[0] = (uncompressed[0] ?? 0) & 0x7f;
      const unclean = infinity(48);
      unclean[47] = 1;
      for (const bad of [
        infinity(48),
        unclean,
        uncompressed,
        BASE_G2,
        BASE_G1.subarray(1),
        Uint8Array.of(...BASE_G1, 0),
        new Uint8Array(),
        new Uint8Array(48),
        new Uint8Array(48).fill(0xff),
      ]) {
        await refuses(async () => await pairing.requireG1(bad));
        await refuses(async () => await pairing.multiplyG1(bad, 1n));
        await refuses(async () => await pairing.sumG1([{ point: bad, scalar: 1n }]));
        await refuses(async () => await pairing.pair(bad, BASE_G2));
        await refuses(async () => await pairing.pair([{ point: bad, scalar: 1n }], BASE_G2));
        await refuses(async () => await pairing.pairEqual([bad, BASE_G2], [BASE_G1, BASE_G2]));
        await refuses(async () => await pairing.pairEqual([BASE_G1, BASE_G2], [bad, BASE_G2]));
      }
      for (const bad of [
        infinity(96),
        BASE_G1,
        BASE_G2.subarray(1),
        Uint8Array.of(...BASE_G2, 0),
        new Uint8Array(96),
        new Uint8Array(96).fill(0xff),
      ]) {
        await refuses(async () => await pairing.requireG2(bad));
        await refuses(async () => await pairing.sumG2([{ point: bad, scalar: 1n }]));
        await refuses(async () => await pairing.pair(BASE_G1, bad));
        await refuses(async () => await pairing.pairEqual([BASE_G1, bad], [BASE_G1, BASE_G2]));
        await refuses(async () => await pairing.pairEqual([BASE_G1, BASE_G2], [BASE_G1, bad]));
      }
    });

    it('takes or refuses any bytes, and never fails otherwise', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 48, maxLength: 48 }), async (bytes) => {
          try {
            await pairing.requireG1(bytes);
          } catch (error) {
            assert.equal((error as { code?: string }).code, 'REQUEST_MALFORMED');
          }
        }),
        { numRuns: 50 },
      );
    });

    it('refuses scalars out of range', async () => {
      for (const scalar of [0n, -1n, GROUP_ORDER, GROUP_ORDER + 1n]) {
        await refuses(async () => await pairing.multiplyG1(BASE_G1, scalar));
        await refuses(async () => await pairing.multiplyBaseG2(scalar));
        if (scalar === 0n) continue;
        await refuses(async () => await pairing.sumG1([{ point: BASE_G1, scalar }]));
        await refuses(async () => await pairing.pair([{ point: BASE_G1, scalar }], BASE_G2));
        await refuses(async () => await pairing.sumG2([{ point: BASE_G2, scalar }]));
      }
    });
  });
}

async function refuses(compute: () => Promise<unknown>, what?: string): Promise<void> {
  await assert.rejects(compute(), MALFORMED, what);
}

/** The point at infinity, as it is written in so many bytes. */
function infinity(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = 0xc0;
  return bytes;
}

/** The point on the other side, as a bit of the compressed form says. */
function negated(point: Uint8Array): Uint8Array {
  const bytes = point.slice();
  bytes[0] = (bytes[0] ?? 0) ^ 0x20;
  return bytes;
}
