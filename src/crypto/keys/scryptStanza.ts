import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { base64nopad } from '@scure/base';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import type { Random } from '../Random.ts';
import type { Scrypt } from './Scrypt.ts';

/** age's `scrypt` stanza over an scrypt of our own choice: the library has its own built in. Same bytes. */

const TYPE = 'scrypt';
const LABEL = utf8ToBytes('age-encryption.org/v1/scrypt');
const SALT = 16;
const WRAPPED = 32;
/** The library takes no higher one either: a file must not cost its reader minutes. */
const MOST_WORK = 20;
const NONCE = new Uint8Array(12);

/**
 * A recipient that wraps a file key with a passphrase (C2SP age, "scrypt recipient stanza").
 *
 * @param scrypt - The platform's.
 * @param passphrase - The passphrase.
 * @param workFactor - Base-2 logarithm of N.
 * @param random - For the salt.
 */
export function scryptRecipient(
  scrypt: Scrypt,
  passphrase: string,
  workFactor: number,
  random: Random,
): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = random(SALT);
      const key = await scrypt(utf8ToBytes(passphrase), concatBytes(LABEL, salt), workFactor);
      const body = chacha20poly1305(key, NONCE).encrypt(fileKey);
      return [new Stanza([TYPE, base64nopad.encode(salt), `${workFactor}`], body)];
    },
  };
}

/**
 * An identity that unwraps a file key with a passphrase.
 *
 * @param scrypt - The platform's.
 * @param passphrase - The passphrase.
 */
export function scryptIdentity(scrypt: Scrypt, passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      if (!stanzas.some(({ args }) => args[0] === TYPE)) return null;
      const [{ args, body }, ...others] = stanzas as [Stanza, ...Stanza[]];
      const [, text = '', work = '', ...more] = args;
      const salt = base64nopad.decode(text);
      const sound =
        others.length === 0 &&
        more.length === 0 &&
        salt.length === SALT &&
        /^[1-9][0-9]?$/.test(work) &&
        Number(work) <= MOST_WORK &&
        body.length === WRAPPED;
      if (!sound) throw new Error('not a stanza of its type');
      const key = await scrypt(utf8ToBytes(passphrase), concatBytes(LABEL, salt), Number(work));
      try {
        return chacha20poly1305(key, NONCE).decrypt(body);
      } catch {
        return null;
      }
    },
  };
}
