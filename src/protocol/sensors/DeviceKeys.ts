import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { ProvenSheet } from '../rights/epochs.ts';
import type { AttestedFacts } from '../evidence/facts.ts';
import { ADDRESS, BYTES32, OneOf, SIGNATURE } from '../wire/findShapeError.ts';
import type { Bytes32, Handle, LogName } from '../ids.ts';
import type { Of } from '../struct/Of.ts';
import type { Grant } from '../struct/requests.ts';
import { ATTESTED_FACTS, SUCCESSORS_FILE } from '../shapes/answerShapes.ts';
import { PROVEN_SHEET } from '../shapes/askedShapes.ts';
import { messageShape } from '../shapes/messageShape.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import type { SuccessorsFile } from '../network/Successor.ts';

/**
 * The chart that a device seals to, given to it by its patient and by no gateway: whose it is, and the network whose
 * coordinators tell its keys. It is as long in each network, so that a code holds it.
 */
export interface DevicePin {
  readonly format: 'medseal-pin/2';
  /** The patient. */
  readonly handle: Handle;
  /** A log of the channel whose coordinators are asked. */
  readonly log: LogName;
  /** Fingerprint of the network file that the patient's device follows; a gateway brings the file. */
  readonly network: Bytes32;
}

/** A device's question for the keys that it is to seal to. */
export const KEYS_ASKED = {
  format: new OneOf('medseal-keys-asked/1'),
  device: ADDRESS,
  /** Digest of its right. */
  grant: BYTES32,
  /** 32 random bytes of the device, so that no old answer passes for a new one. */
  nonce: BYTES32,
  /** 65 bytes: r ‖ s ‖ v over `keysAskedDigest`, by the device's key. */
  signature: SIGNATURE,
} as const;
export type KeysAsked = Of<typeof KEYS_ASKED>;

/** The answer, which a gateway gathers and cannot make up. */
export interface KeysTold {
  readonly format: 'medseal-keys/2';
  /** The nonce of the question. */
  readonly nonce: Bytes32;
  /** The right that binds the device, in full. */
  readonly grant: Grant;
  /** Facts about chart and right, which coordinators signed over the device's nonce. */
  readonly facts: readonly AttestedFacts[];
  /** Recipients of the present epoch, with the proof that the patient committed to them. */
  readonly sheet: ProvenSheet;
  /** The oldest network file that the gateway's node has, and its successors. */
  readonly successors: SuccessorsFile;
}

/** Exactly a `KeysTold`. */
export const KEYS_TOLD = shapeOfType<KeysTold>('KeysTold')({
  format: new OneOf('medseal-keys/2'),
  nonce: BYTES32,
  grant: messageShape('Grant'),
  facts: [ATTESTED_FACTS],
  sheet: PROVEN_SHEET,
  successors: SUCCESSORS_FILE,
});

const LABEL = utf8ToBytes('medseal/keys/1');

/**
 * Returns what a device signs to ask for keys: SHA-256 over the label `medseal/keys/1`, the 20 bytes of its address, and
 * the 32 bytes each of the right's digest and the nonce.
 *
 * @param primitives - For SHA-256.
 * @param asked - The question.
 */
export function keysAskedDigest(
  { sha256 }: Pick<Sha256, 'sha256'>,
  { device, grant, nonce }: Pick<KeysAsked, 'device' | 'grant' | 'nonce'>,
): Bytes32 {
  const parts = [device, grant, nonce].map(hexToBytes);
  return bytesToHex(sha256(concatBytes(LABEL, ...parts)));
}
