import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from '../bytes.ts';
import { SecretBytes } from '../keys/SecretBytes.ts';

/** The signature type of Ed25519 in signed notes (C2SP signed-note). */
const ED25519 = Uint8Array.of(0x01);

/** A key that signs notes. */
export interface NoteKey {
  /** Name of the signer, usually the origin of its log. */
  readonly name: string;
  /** 4 bytes that tell keys of one name apart: the first of SHA-256(name ‖ '\n' ‖ type ‖ public key). */
  readonly id: Uint8Array;
  /** Ed25519 secret, 32 bytes. */
  readonly seed: Uint8Array;
  /** The key as verifiers pin it: `name+id+base64(type ‖ public key)`, the id in hexadecimal. */
  readonly verifierKey: string;
}

/** A verifier key taken apart. */
export interface NoteVerifier {
  readonly name: string;
  readonly id: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/**
 * Makes a note key (C2SP signed-note, Ed25519: RFC 8032).
 *
 * @param name - Not empty, without spaces and `+`.
 * @param seed - 32 random bytes.
 * @throws MedsealError `REQUEST_MALFORMED` if the name is another; `SEED_MALFORMED` if the seed is.
 */
export function createNoteKey(name: string, seed: Uint8Array): NoteKey {
  const publicKey = notePublicKey(seed);
  const verifierKey = verifierKeyOf(name, publicKey);
  return { name, id: keyId(name, publicKey), seed: SecretBytes.from(seed), verifierKey };
}

/**
 * The public key of a note key.
 *
 * @param seed - 32 bytes.
 * @returns Ed25519, 32 bytes.
 * @throws MedsealError `SEED_MALFORMED`.
 */
export function notePublicKey(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  return ed25519.getPublicKey(seed);
}

/**
 * The text that verifiers pin of a key that signs notes.
 *
 * @param name - Not empty, without spaces and `+`.
 * @param publicKey - Ed25519, 32 bytes.
 * @returns `name+id+base64(type ‖ public key)`.
 * @throws MedsealError `REQUEST_MALFORMED` if the name is another.
 */
export function verifierKeyOf(name: string, publicKey: Uint8Array): string {
  if (!isNoteName(name))
    throw new MedsealError('REQUEST_MALFORMED', { what: 'name of a note key' });
  const id = bytesToHex(keyId(name, publicKey)).slice(2);
  return `${name}+${id}+${base64.encode(concatBytes(ED25519, publicKey))}`;
}

/**
 * Takes a verifier key apart.
 *
 * @param verifierKey - `name+id+base64(type ‖ public key)`.
 * @throws MedsealError `REQUEST_MALFORMED` if it is not that of an Ed25519 key, or its id is of another.
 */
export function parseVerifierKey(verifierKey: string): NoteVerifier {
  const [, name = '', id = '', key = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(verifierKey) ?? [];
  const bytes = base64.decode(key);
  const publicKey = bytes.subarray(1);
  const expected = keyId(name, publicKey);
  if (!isNoteName(name) || bytes[0] !== ED25519[0] || bytesToHex(expected) !== `0x${id}`) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'verifier key' });
  }
  return { name, id: expected, publicKey };
}

/** Tells whether a signed note can carry the name: not empty, without spaces and `+` (C2SP signed-note). */
export function isNoteName(name: string): boolean {
  return /^[^\s+]+$/u.test(name) && name.isWellFormed();
}

function keyId(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${name}\n`), ED25519, publicKey)).slice(0, 4);
}
