import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { base64nopad } from '@scure/base';
import { malformed } from '../../errors/malformed.ts';
import { ENCAPSULATED_LENGTH, type HybridKem } from '../sealing/HybridKem.ts';
import {
  bothHalves,
  encapsulateEvidenced,
  type Encapsulated,
  type EvidencedTarget,
  type Halves,
} from './evidencedKem.ts';
import type { Random } from '../Random.ts';
import type { GroupPort } from './GroupPort.ts';
import { SEAL_LENGTH } from './releaseSeal.ts';

/** Type of the stanza that opens with both halves. */
export const EVIDENCED = 'medseal.org/evidenced-2';

/** Tells whether a stanza is one of before release keys were points of secp256k1. */
export function isEvidencedBefore({ args: [type] }: Pick<Stanza, 'args'>): boolean {
  return type === 'medseal.org/evidenced-1';
}

/** Bytes of a threshold key's id that a stanza names. */
export const NAMED = 16;
/** Bytes of a file key, and of one that is wrapped. */
const [FILE_KEY, WRAPPED] = [16, 32];
/** A key wraps once. */
const NONCE = new Uint8Array(12);

/** A stanza that opens with both halves, in its parts. */
export interface EvidencedStanza extends Encapsulated {
  /** Beginning of the release key's id, 16 bytes. */
  readonly keyId: Uint8Array;
  /** The wrapped file key, 32 bytes. */
  readonly body: Uint8Array;
}

/**
 * A recipient that wraps file keys so that both halves are needed.
 *
 * @param group - Arithmetic.
 * @param kem - X-Wing.
 * @param target - For whom and what.
 * @param random - Source of random bytes.
 */
export function evidencedRecipient(
  group: GroupPort,
  kem: HybridKem,
  target: EvidencedTarget,
  random: Random,
): Recipient {
  return {
    wrapFileKey(fileKey) {
      const { encapsulated, seal, key } = encapsulateEvidenced(group, kem, target, fileKey, random);
      const named = [target.keyId.subarray(0, NAMED), encapsulated, seal];
      return [
        new Stanza(
          [EVIDENCED, ...named.map((bytes) => base64nopad.encode(bytes))],
          chacha20poly1305(key, NONCE).encrypt(fileKey),
        ),
      ];
    },
  };
}

/**
 * An identity that unwraps the file key of one record version.
 *
 * @param identity - Identity of the record version.
 * @param findHalves - Gives pairs of halves to try for a stanza, in turn: from false shares comes a false half, or none.
 */
export function evidencedIdentity(
  identity: Uint8Array,
  findHalves: (stanza: EvidencedStanza) => Iterable<Halves> | AsyncIterable<Halves>,
): Identity {
  return {
    async unwrapFileKey(stanzas) {
      for (const stanza of stanzas) {
        if (stanza.args[0] !== EVIDENCED) continue;
        const parsed = parseEvidencedStanza(stanza);
        for await (const halves of findHalves(parsed)) {
          const fileKey = unwrapEvidenced(parsed, identity, halves);
          if (fileKey !== undefined) return fileKey;
        }
      }
      return null;
    },
  };
}

/**
 * The file key that a stanza wraps.
 *
 * @param stanza - The stanza.
 * @param identity - Identity of the record version.
 * @param halves - Both halves.
 * @returns 16 bytes; undefined if a half is not the one of this stanza.
 */
export function unwrapEvidenced(
  stanza: EvidencedStanza,
  identity: Uint8Array,
  halves: Halves,
): Uint8Array | undefined {
  const key = bothHalves(halves, stanza, identity);
  try {
    const fileKey = chacha20poly1305(key, NONCE).decrypt(stanza.body);
    return fileKey.length === FILE_KEY ? fileKey : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The parts of a stanza.
 *
 * @param stanza - From the header of a sealed file; not trusted. Its seal is not looked at: `isSealFor` does.
 * @throws MedsealError `REQUEST_MALFORMED` if it is not such a stanza.
 */
export function parseEvidencedStanza({
  args,
  body,
}: Pick<Stanza, 'args' | 'body'>): EvidencedStanza {
  const [type, ...texts] = args;
  const [keyId, encapsulated, seal] = texts.map(decoded);
  if (
    type !== EVIDENCED ||
    texts.length !== 3 ||
    keyId?.length !== NAMED ||
    encapsulated?.length !== ENCAPSULATED_LENGTH ||
    seal?.length !== SEAL_LENGTH ||
    body.length !== WRAPPED
  ) {
    throw malformed('stanza of a sealed file');
  }
  return { keyId, encapsulated, seal, body };
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base64nopad.decode(text);
  } catch {
    return undefined;
  }
}
