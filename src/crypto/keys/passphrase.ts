import { randomBytes } from '@noble/hashes/utils.js';
import { Decrypter, Encrypter } from 'age-encryption';
import { MedsealError } from '../../errors/MedsealError.ts';
import { headerLength } from '../sealing/ageHeader.ts';
import { openBytes } from '../sealing/openBytes.ts';
import type { Scrypt } from './Scrypt.ts';
import { passphraseBits } from './passphraseStrength.ts';
import { scryptIdentity, scryptRecipient } from './scryptStanza.ts';

/** The fewest characters that a new passphrase may have, and the fewest bits that `passphraseBits` may count. */
const [SHORTEST, WEAKEST] = [10, 32];

/** Base-2 logarithm of scrypt's N: about a second and 256 MiB for each try. */
const WORK_FACTOR = 18;

/** The platform's scrypt; the library's in JavaScript, which makes the same bytes, if absent. */
export interface PassphrasePorts {
  readonly scrypt?: Scrypt;
}

/**
 * Encrypts a secret with a passphrase as a standard age file (C2SP age, "scrypt recipient stanza").
 *
 * @param passphrase - At least ten characters that follow no pattern, in whatever Unicode form they were typed.
 * @param secret - Any number of bytes.
 * @param options - `workFactor`: base-2 logarithm of the cost of each try, 18 if absent; `scrypt`: the platform's.
 * @returns The file.
 * @throws MedsealError `PASSPHRASE_WEAK`.
 * @example
 * ```ts
 * const passphrase = prompt('A passphrase, such as five random words') ?? '';
 * const file = await sealWithPassphrase(passphrase, seed);
 * ```
 */
export async function sealWithPassphrase(
  passphrase: string,
  secret: Uint8Array,
  { workFactor = WORK_FACTOR, scrypt }: PassphrasePorts & { readonly workFactor?: number } = {},
): Promise<Uint8Array> {
  const text = requireStrong(passphrase);
  const encrypter = new Encrypter();
  if (scrypt === undefined) {
    encrypter.setPassphrase(text);
    encrypter.setScryptWorkFactor(workFactor);
  } else {
    encrypter.addRecipient(scryptRecipient(scrypt, text, workFactor, randomBytes));
  }
  return await encrypter.encrypt(secret);
}

/**
 * Requires that a new passphrase is long and hard to guess, before anything is sealed under it.
 *
 * @param passphrase - The passphrase, in whatever Unicode form.
 * @returns It, in the form that is used.
 * @throws MedsealError `PASSPHRASE_WEAK`.
 */
export function requireStrong(passphrase: string): string {
  const text = normalised(passphrase);
  const isWeak = text.length < SHORTEST || passphraseBits(text) < WEAKEST;
  if (isWeak) throw new MedsealError('PASSPHRASE_WEAK', { least: SHORTEST });
  return text;
}

/**
 * Opens what a passphrase sealed.
 *
 * @param passphrase - The passphrase as it was typed.
 * @param file - The file.
 * @param options - `scrypt`: the platform's.
 * @returns The secret.
 * @throws MedsealError `PASSPHRASE_WRONG`; `SEAL_UNREADABLE` if the file is not one that a passphrase sealed, or
 * was altered behind what the passphrase opens.
 * @example
 * ```ts
 * const passphrase = prompt('Your passphrase') ?? '';
 * const seed = await openWithPassphrase(passphrase, bytes);
 * ```
 */
export async function openWithPassphrase(
  passphrase: string,
  file: Uint8Array,
  { scrypt }: PassphrasePorts = {},
): Promise<Uint8Array> {
  let wrong = false;
  const decrypter = new Decrypter();
  const text = normalised(passphrase);
  if (scrypt === undefined) decrypter.addPassphrase(text);
  else decrypter.addIdentity(scryptIdentity(scrypt, text));
  // Asked only after the passphrase was tried on a stanza of the right form.
  decrypter.addIdentity({
    unwrapFileKey(stanzas) {
      wrong = stanzas.length === 1 && stanzas[0]?.args[0] === 'scrypt';
      return null;
    },
  });
  try {
    const fileKey = await decrypter.decryptHeader(file.subarray(0, headerLength(file)));
    return await openBytes([{ fileKey }], file);
  } catch {
    throw new MedsealError(wrong ? 'PASSPHRASE_WRONG' : 'SEAL_UNREADABLE', {});
  }
}

/** The same characters, whichever way a keyboard composes them. */
function normalised(passphrase: string): string {
  return passphrase.normalize('NFKC');
}
