import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { MedsealError } from '../../errors/MedsealError.ts';
import { utf8ToBytes } from '../bytes.ts';
import { ageIdentity } from './ageIdentity.ts';
import { firstAccepted } from './firstAccepted.ts';

/** The secrets of a party, which one seed gives. */
export interface PartySecrets {
  /** secp256k1 scalar, 32 bytes: signs requests. */
  readonly signingKey: Uint8Array;
  /** age identity (`AGE-SECRET-KEY-PQ-1…`): opens what is sealed to the party. */
  readonly identity: string;
}

/**
 * Derives a party's secrets from its seed by HKDF-SHA256 (RFC 5869), each under a label of its own, so that one
 * tells nothing of the other.
 *
 * @param seed - 32 random bytes.
 * @throws MedsealError `SEED_MALFORMED` if the seed is of another length.
 */
export function deriveParty(seed: Uint8Array): PartySecrets {
  if (seed.length !== 32) throw new MedsealError('SEED_MALFORMED', {});
  const derive = (label: string): Uint8Array =>
    hkdf(sha256, seed, undefined, utf8ToBytes(label), 32);
  return {
    signingKey: firstAccepted('medseal/1/signing-key', derive, (candidate) =>
      secp256k1.utils.isValidSecretKey(candidate),
    ),
    identity: ageIdentity(derive('medseal/1/age-identity')),
  };
}
