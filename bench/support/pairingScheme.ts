import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64nopad } from '@scure/base';
import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { concatBytes } from '../../src/crypto/bytes.ts';
import { encodeFields } from '../../src/crypto/encodeFields.ts';
import type { Random } from '../../src/crypto/Random.ts';
import type { HybridKem } from '../../src/crypto/sealing/HybridKem.ts';
import { toInteger } from '../../src/crypto/threshold/scalars.ts';

const { G1, G2, fields } = bls12_381;
const TYPE = 'medseal.org/with-a-pairing';
const NONCE = new Uint8Array(12);

/** Returns an epoch's answer to an encapsulation, by its identity. */
type WhoOf = (encapsulated: Uint8Array) => Uint8Array;

/** A release key by a bilinear map, which 2 of 2 members open, and a record version. */
export interface PairingScheme {
  /** Seals a file key to both halves, as an author does. */
  readonly recipient: Recipient;
  /** One member's share for the version. */
  share(): Uint8Array;
  /** Tells whether a share is the first member's. */
  isShare(share: Uint8Array): boolean;
  /** Opens with both shares, which were released before. */
  identity(who: WhoOf): Identity;
}

/**
 * Returns the scheme that P3's bilinear map stands for here, and that labelled threshold encryption replaced: identity-based
 * encryption (Boneh and Franklin 2001) over BLS12-381, with shares of the key of an identity (Boldyreva 2003), beside X-Wing.
 * It is here to be measured, and proves to nobody for which version a file was sealed.
 *
 * @param kem - X-Wing.
 * @param recipientKey - The epoch's public key.
 * @param version - Identity of the record version.
 * @param random - Source of random bytes.
 */
export function pairingScheme(
  kem: HybridKem,
  recipientKey: Uint8Array,
  version: Uint8Array,
  random: Random,
): PairingScheme {
  const { Fr } = fields;
  const drawn = (): bigint => Fr.create(toInteger(random(48)));
  const [constant, slope] = [drawn(), drawn()];
  const publicKey = G2.Point.BASE.multiply(constant);
  const secrets = [1n, 2n].map((index) => Fr.add(constant, Fr.mul(slope, index)));
  const [own = 1n] = secrets;
  const memberKey = G2.Point.BASE.multiply(own);
  const hashed = (): typeof G1.Point.BASE => G1.Point.fromBytes(G1.hashToCurve(version).toBytes());
  const keyOf = (who: Uint8Array, shared: typeof fields.Fp12.ONE, stanza: Uint8Array): Uint8Array =>
    hkdf(
      sha256,
      concatBytes(who, sha256(fields.Fp12.toBytes(shared))),
      undefined,
      encodeFields(stanza, version),
      32,
    );
  return {
    recipient: {
      wrapFileKey(fileKey) {
        const { encapsulated, secret } = kem.encapsulate(recipientKey);
        const scalar = drawn();
        const point = G2.Point.BASE.multiply(scalar).toBytes();
        const shared = bls12_381.pairing(hashed().multiply(scalar), publicKey);
        const key = keyOf(secret, shared, concatBytes(encapsulated, point));
        const named = [encapsulated, point].map((bytes) => base64nopad.encode(bytes));
        return [new Stanza([TYPE, ...named], chacha20poly1305(key, NONCE).encrypt(fileKey))];
      },
    },
    share: () => hashed().multiply(own).toBytes(),
    isShare(share) {
      const pairs = [
        { g1: G1.Point.fromBytes(share), g2: G2.Point.BASE },
        { g1: hashed().negate(), g2: memberKey },
      ];
      return fields.Fp12.eql(bls12_381.pairingBatch(pairs), fields.Fp12.ONE);
    },
    identity(who) {
      const shares = secrets.map((secret) => hashed().multiply(secret).toBytes());
      const [weight, other] = [2n, Fr.neg(1n)];
      return {
        unwrapFileKey(stanzas) {
          const stanza = stanzas.find(({ args: [type] }) => type === TYPE);
          const [, first = '', second = ''] = stanza?.args ?? [];
          if (stanza === undefined) return null;
          const [encapsulated, point] = [base64nopad.decode(first), base64nopad.decode(second)];
          const [left, right] = shares.map((share) => G1.Point.fromBytes(share));
          if (left === undefined || right === undefined) return null;
          const evidence = left.multiplyUnsafe(weight).add(right.multiplyUnsafe(other));
          const shared = bls12_381.pairing(evidence, G2.Point.fromBytes(point));
          const key = keyOf(who(encapsulated), shared, concatBytes(encapsulated, point));
          return chacha20poly1305(key, NONCE).decrypt(stanza.body);
        },
      };
    },
  };
}
