import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '../src/crypto/bytes.ts';
import { portableKem } from '../src/crypto/sealing/portableKem.ts';
import { combineShares } from '../src/crypto/threshold/combineShares.ts';
import { decapsulateEvidenced, whoHalfOf } from '../src/crypto/threshold/evidencedKem.ts';
import { extractShare } from '../src/crypto/threshold/extractShare.ts';
import type { PairingPort } from '../src/crypto/threshold/PairingPort.ts';
import { recordIdentity } from '../src/crypto/threshold/recordIdentity.ts';
import { parseScalar } from '../src/crypto/threshold/scalars.ts';
import { thresholdKeyId } from '../src/crypto/threshold/thresholdKey.ts';

/** The beginning of a vector: secrets that nobody else would publish, and what a sealed file holds. */
export interface ThresholdVectorGiven {
  readonly networkId: string;
  readonly channel: string;
  readonly handle: string;
  readonly record: string;
  readonly version: number;
  /** Shares of the master secret by index; any two open. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly publicKey: string;
  /** Seed of the epoch's identity. */
  readonly seed: string;
  /** X-Wing's encapsulation. */
  readonly encapsulated: string;
  /** Point of the stanza. */
  readonly point: string;
  /** Wrapped file key. */
  readonly body: string;
}

/** A vector: each value on the way from these to the file key. */
export interface ThresholdVector {
  readonly given: ThresholdVectorGiven;
  readonly keyId: string;
  readonly identity: string;
  readonly hashed: string;
  readonly shares: Readonly<Record<string, string>>;
  readonly evidence: string;
  /** SHA-256 of the pairing's 576 bytes. */
  readonly paired: string;
  readonly who: string;
  readonly key: string;
  readonly fileKey: string;
}

/**
 * Computes a vector of threshold release: a program in another language that gives the same bytes opens as Medseal does.
 *
 * @param pairing - Arithmetic.
 * @param given - The beginning.
 */
export async function thresholdVector(
  pairing: PairingPort,
  given: ThresholdVectorGiven,
): Promise<ThresholdVector> {
  const { channel, version } = given;
  const [networkId, handle, record] = [given.networkId, given.handle, given.record].map(hexToBytes);
  const place = { networkId: networkId ?? new Uint8Array(), channel };
  const keyId = thresholdKeyId(place, hexToBytes(given.publicKey));
  const identity = recordIdentity({
    ...place,
    keyId,
    handle: handle ?? new Uint8Array(),
    record: record ?? new Uint8Array(),
    version,
  });
  const shares = Object.entries(given.secrets).map(([index, secret]) => ({
    index: Number(index),
    share: extractShare(pairing, parseScalar(hexToBytes(secret)), identity),
  }));
  const evidence = combineShares(pairing, shares.slice(0, 2));
  const [encapsulated, point] = [hexToBytes(given.encapsulated), hexToBytes(given.point)];
  const secret = portableKem.decapsulate(hexToBytes(given.seed), encapsulated);
  const who = whoHalfOf(secret, encapsulated, identity);
  const key = await decapsulateEvidenced(pairing, { encapsulated, point }, identity, {
    who,
    evidence,
  });
  return {
    given,
    keyId: bytesToHex(keyId),
    identity: bytesToHex(identity),
    hashed: bytesToHex(pairing.hashToG1(identity)),
    shares: Object.fromEntries(shares.map(({ index, share }) => [index, bytesToHex(share)])),
    evidence: bytesToHex(evidence),
    paired: bytesToHex(sha256(pairing.pair(evidence, point))),
    who: bytesToHex(who),
    key: bytesToHex(key),
    fileKey: bytesToHex(chacha20poly1305(key, new Uint8Array(12)).decrypt(hexToBytes(given.body))),
  };
}
