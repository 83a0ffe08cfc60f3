import { Decrypter, Encrypter, type Identity, type Recipient } from 'age-encryption';
import { MedsealError } from '../../errors/MedsealError.ts';
import { recipientKey } from '../keys/ageIdentity.ts';
import { HeldIdentity } from './HeldIdentity.ts';
import type { HybridKem } from './HybridKem.ts';
import { hybridRecipient } from './hybridStanza.ts';

/** Bytes that the library writes after the header of an empty file: a nonce and one empty chunk. */
export const EMPTY_PAYLOAD = 16 + 16;
const NOTHING = new Uint8Array();

/** The most recipients of one file. */
const MOST_RECIPIENTS = 32;

/** No header of that many recipients is longer. */
export const LONGEST_HEADER = 64 * 1024;

/** An age header, and the key that it wraps. */
export interface AgeHeader {
  /** From the version line to the line of the MAC. */
  readonly bytes: Uint8Array;
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
}

/** A recipient of a file: a post-quantum hybrid age recipient (`age1pq1…`), or one that wraps file keys in its own way. */
export type SealTarget = string | Recipient;

/**
 * Opens a file: an age identity (`AGE-SECRET-KEY-PQ-1…`), held for many files or not, the key of that one file, or an identity
 * that unwraps file keys in its own way. Half of a key opens nothing.
 */
export type Opener = string | HeldIdentity | Identity | { readonly fileKey: Uint8Array } | WhoHalf;

/** Half of the key of a guarded file, 32 bytes (`whoHalfOf`): the other one is released for a logged view. */
export interface WhoHalf {
  readonly who: Uint8Array;
}

/**
 * Makes the header of a new file with a file key of its own.
 *
 * @param recipients - 1 to 32; their stanzas come in this order.
 * @param kem - A fast encapsulation; the library's if absent, which makes the same stanzas.
 * @throws MedsealError `REQUEST_MALFORMED` if one is not such a recipient, or none is given;
 * `REQUEST_TOO_LARGE` if there are more.
 */
export async function createHeader(
  recipients: readonly SealTarget[],
  kem?: HybridKem,
): Promise<AgeHeader> {
  if (recipients.length > MOST_RECIPIENTS) {
    throw new MedsealError('REQUEST_TOO_LARGE', {
      what: 'number of recipients',
      limit: MOST_RECIPIENTS,
    });
  }
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    if (typeof recipient !== 'string') {
      encrypter.addRecipient(recipient);
      continue;
    }
    const key = recipientKey(recipient);
    encrypter.addRecipient(kem === undefined ? recipient : hybridRecipient(kem, key));
  }
  // The library keeps the file key to itself, and tells it to every recipient: this one only listens.
  let fileKey: Uint8Array | undefined;
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = key.slice();
      return [];
    },
  });
  // Text of the right length can still be no key.
  const file = await encrypter.encrypt(NOTHING).catch(() => NOTHING);
  if (fileKey === undefined || recipients.length === 0) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'age recipient' });
  }
  return { bytes: file.slice(0, -EMPTY_PAYLOAD), fileKey };
}

/**
 * The file key that a header wraps; whoever holds it can open that one file and no other.
 *
 * @param openers - Identities, tried in turn, or the file key itself.
 * @param header - From the version line to the line of the MAC.
 * @param kem - A fast encapsulation; the library's if absent.
 * @returns 16 bytes.
 * @throws MedsealError `SEAL_UNREADABLE` if none of them opens the header, or it was altered.
 */
export async function openHeader(
  openers: readonly Opener[],
  header: Uint8Array,
  kem?: HybridKem,
): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    for (const opener of openers) {
      decrypter.addIdentity(identityOf(opener, kem));
    }
    return await decrypter.decryptHeader(header);
  } catch {
    // The library's texts tell why, which would tell an attacker how near they came.
    throw new MedsealError('SEAL_UNREADABLE', {});
  }
}

function identityOf(opener: Opener, kem: HybridKem | undefined): string | Identity {
  if (typeof opener === 'string') return new HeldIdentity(opener).by(kem);
  if (opener instanceof HeldIdentity) return opener.by(kem);
  if ('who' in opener) return { unwrapFileKey: () => null };
  return 'fileKey' in opener ? { unwrapFileKey: () => opener.fileKey } : opener;
}

/**
 * Finds the end of the header that a file begins with.
 *
 * @param bytes - The beginning of the file, however much there is.
 * @returns Length of the header in bytes, or undefined while its end is not among them.
 */
export function headerLength(bytes: Uint8Array): number | undefined {
  for (let line = bytes.indexOf(NEWLINE) + 1; line > 0;) {
    const next = bytes.indexOf(NEWLINE, line) + 1;
    if (next > 0 && MAC_LINE.every((byte, index) => bytes[line + index] === byte)) return next;
    line = next;
  }
  return undefined;
}

const NEWLINE = 0x0a;
/** `---` begins the line of the MAC. */
const MAC_LINE = [0x2d, 0x2d, 0x2d];
