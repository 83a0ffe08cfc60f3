import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '../src/crypto/bytes.ts';
import type { Random } from '../src/crypto/Random.ts';
import { portableKem } from '../src/crypto/sealing/portableKem.ts';
import { combineShares } from '../src/crypto/threshold/combineShares.ts';
import { createDeal } from '../src/crypto/threshold/createDeal.ts';
import { bothHalves, labelOf, whoHalfOf } from '../src/crypto/threshold/evidencedKem.ts';
import { extractShare, isShareOf } from '../src/crypto/threshold/extractShare.ts';
import { SECOND, type GroupPort } from '../src/crypto/threshold/GroupPort.ts';
import { hashToScalar } from '../src/crypto/threshold/hashToScalar.ts';
import { joinDeals } from '../src/crypto/threshold/joinDeals.ts';
import { recordIdentity } from '../src/crypto/threshold/recordIdentity.ts';
import { createSeal, isSealFor, readSeal } from '../src/crypto/threshold/releaseSeal.ts';
import { scalarBytes } from '../src/crypto/threshold/scalars.ts';
import { thresholdKeyId } from '../src/crypto/threshold/thresholdKey.ts';
import type { Hex } from '../src/protocol/ids.ts';
import { thresholdConviction, type ThresholdConviction } from './thresholdConviction.ts';

/** The beginning of a vector: secrets and randomness that nobody else would publish. */
export interface ThresholdVectorGiven {
  readonly networkId: Hex;
  readonly channel: string;
  readonly handle: Hex;
  readonly record: Hex;
  readonly version: number;
  /** Number of shares that open. */
  readonly threshold: number;
  readonly members: number;
  /** Any bytes that no other ceremony has. */
  readonly context: Hex;
  /** Random bytes of the one deal, in the order in which they are drawn: 48 for each scalar. */
  readonly dealing: readonly Hex[];
  /** Seed of the epoch's identity, 32 bytes, and an encapsulation to it. */
  readonly seed: Hex;
  readonly encapsulated: Hex;
  /** 16 bytes. */
  readonly fileKey: Hex;
  /** Fresh random bytes of the seal's secret and of its nonce, and of each member's share. */
  readonly sealing: readonly Hex[];
  readonly sharing: readonly Hex[];
}

/** A vector: each value on the way from these to the wrapped file key, and back. */
export interface ThresholdVector {
  readonly given: ThresholdVectorGiven;
  /** The second generator, and the hash of the three given bytes 1, 2, 3 to a scalar. */
  readonly second: Hex;
  readonly hashed: Hex;
  readonly commitments: readonly Hex[];
  readonly dealProof: Hex;
  /** Shares of the secret, by their members' indices from 1, with their public keys. */
  readonly secrets: readonly Hex[];
  readonly memberKeys: readonly Hex[];
  readonly publicKey: Hex;
  readonly keyId: Hex;
  readonly identity: Hex;
  /** SHA-256 of the encapsulation. */
  readonly encapsulation: Hex;
  readonly seal: Hex;
  /** Secret that X-Wing gives, and the half that follows from it. */
  readonly secret: Hex;
  readonly who: Hex;
  /** Shares of the seal, by their members' indices. */
  readonly shares: readonly Hex[];
  /** The point that as many of them make as the threshold, and its hash. */
  readonly shared: Hex;
  readonly evidence: Hex;
  readonly key: Hex;
  /** The wrapped file key. */
  readonly body: Hex;
  /** A share that is another member's: it is false, though its proof is well-formed. */
  readonly falseShare: Hex;
  /** The file that convicts the first member of it. */
  readonly conviction: ThresholdConviction;
}

/** Labels under which bytes of a vector are hashed to a scalar. */
const SAMPLE = 'medseal/sample/1';

/**
 * Computes a vector of threshold release: a program in another language that gives the same bytes seals and opens as Medseal does.
 *
 * @param group - Arithmetic.
 * @param given - The beginning.
 */
export function thresholdVector(group: GroupPort, given: ThresholdVectorGiven): ThresholdVector {
  const { channel, version, threshold } = given;
  const indices = Array.from({ length: given.members }, (_, place) => place + 1);
  const ceremony = { context: hexToBytes(given.context), threshold, members: indices };
  const made = createDeal(group, ceremony, 1, drawn(given.dealing));
  const { publicKey, members } = joinDeals(group, ceremony, [made.deal], 'founding');
  const place = { networkId: hexToBytes(given.networkId), channel };
  const keyId = thresholdKeyId(place, publicKey);
  const [handle, record] = [hexToBytes(given.handle), hexToBytes(given.record)];
  const identity = recordIdentity({ ...place, keyId, handle, record, version });
  const encapsulated = hexToBytes(given.encapsulated);
  const label = labelOf(keyId, identity, encapsulated);
  const fileKey = hexToBytes(given.fileKey);
  const { seal, shared } = createSeal(group, publicKey, label, fileKey, drawn(given.sealing));
  const secret = portableKem.decapsulate(hexToBytes(given.seed), encapsulated);
  const who = whoHalfOf(secret, encapsulated, identity);
  const { point } = readSeal(seal);
  const of = indices.map((index) => {
    return { keyId, identity, point, index, memberKey: members.get(index) ?? new Uint8Array() };
  });
  const secrets = indices.map((index) => scalarBytes(made.shares.get(index) ?? 0n));
  const shares = of.map((each, at) =>
    extractShare(group, each, secrets[at] ?? new Uint8Array(), drawn(given.sharing.slice(at))),
  );
  const [first = new Uint8Array(), second = new Uint8Array()] = shares;
  const isSound =
    isSealFor(group, label, seal) &&
    of.every((each, at) => isShareOf(group, each, shares[at] ?? new Uint8Array())) &&
    of[0] !== undefined &&
    !isShareOf(group, of[0], second);
  if (!isSound) throw new Error('the vector does not hold');
  const released = shares.map((share, at) => ({ index: at + 1, share })).slice(-threshold);
  const evidence = combineShares(group, released);
  if (bytesToHex(evidence) !== bytesToHex(shared) || first.length === 0) {
    throw new Error('the shares open something else');
  }
  const key = bothHalves({ who, evidence }, { encapsulated, seal }, identity);
  const falseShare = bytesToHex(second);
  const conviction = thresholdConviction(group, {
    ...given,
    publicKey: bytesToHex(publicKey),
    memberKeys: of.map(({ memberKey }) => bytesToHex(memberKey)),
    seal: bytesToHex(seal),
    encapsulation: bytesToHex(label.encapsulation),
    share: falseShare,
  });
  return {
    given,
    second: bytesToHex(SECOND),
    hashed: bytesToHex(scalarBytes(hashToScalar(group, SAMPLE, Uint8Array.of(1, 2, 3)))),
    commitments: made.deal.commitments.map(bytesToHex),
    dealProof: bytesToHex(Buffer.concat([made.deal.proof.commitment, made.deal.proof.response])),
    secrets: secrets.map(bytesToHex),
    memberKeys: of.map(({ memberKey }) => bytesToHex(memberKey)),
    publicKey: bytesToHex(publicKey),
    keyId: bytesToHex(keyId),
    identity: bytesToHex(identity),
    encapsulation: bytesToHex(label.encapsulation),
    seal: bytesToHex(seal),
    secret: bytesToHex(secret),
    who: bytesToHex(who),
    shares: shares.map(bytesToHex),
    shared: bytesToHex(shared),
    evidence: bytesToHex(sha256(shared)),
    key: bytesToHex(key),
    body: bytesToHex(chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey)),
    falseShare,
    conviction,
  };
}

/** Random bytes that were drawn before. */
function drawn(all: readonly Hex[]): Random {
  const left = [...all];
  return (length) => {
    const bytes = hexToBytes(left.shift() ?? '0x');
    if (bytes.length !== length) throw new Error(`${length} bytes are drawn here`);
    return bytes;
  };
}
