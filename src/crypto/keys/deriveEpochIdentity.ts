import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { hexToBytes, utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { ageIdentity } from './ageIdentity.ts';

const LABEL = utf8ToBytes('medseal/1/epoch-identity');

/** Name of one epoch identity of a patient. */
export interface EpochKeyName {
  /** The patient's handle, 32 bytes in hexadecimal. */
  readonly handle: `0x${string}`;
  /** The category of health data. */
  readonly category: string;
  /** Number of the epoch. */
  readonly epoch: number;
  /** 16 random bytes; erasing them destroys the key, even while the seed lives. */
  readonly salt: Uint8Array;
}

/**
 * Derives the age identity of one category in the last epoch of a span of a patient by HKDF-SHA256 (RFC 5869): the
 * salt is HKDF's, and its info is the label, handle, category and epoch, each behind its length. The identities of the
 * epochs before follow from it (`earlierIdentity`).
 *
 * @param seed - The patient's seed, 32 bytes.
 * @param name - Name of the identity.
 * @returns `AGE-SECRET-KEY-PQ-1…`.
 * @throws MedsealError `SEED_MALFORMED` if the seed is of another length; `REQUEST_MALFORMED` if the name is malformed.
 */
export function deriveEpochIdentity(seed: Uint8Array, name: EpochKeyName): string {
  if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  const handle = hexToBytes(name.handle);
  if (handle.length !== 32) throw malformed('handle');
  if (name.salt.length !== 16) throw malformed('salt');
  if (!Number.isSafeInteger(name.epoch) || name.epoch < 0) throw malformed('epoch');
  const epoch = new Uint8Array(8);
  new DataView(epoch.buffer).setBigUint64(0, BigInt(name.epoch));
  const info = encodeFields(LABEL, handle, utf8ToBytes(name.category), epoch);
  return ageIdentity(hkdf(sha256, seed, name.salt, info, 32));
}
