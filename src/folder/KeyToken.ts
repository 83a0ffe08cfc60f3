import type { HeldKey } from '../crypto/keys/SigningKey.ts';
import type { Organisation } from '../protocol/ids.ts';

/** A token, such as a hardware security module, that has keys of an organisation and hands none out. */
export interface KeyToken {
  /**
   * Has the token make a key, unless it has one of that name already.
   *
   * @param organisation - Owner of the key.
   * @param name - Its name among the keys of the organisation.
   * @returns The key as the folder names it.
   * @throws MedsealError as the token's errors are.
   */
  take(organisation: Organisation, name: string): Promise<NamedKey>;
  /**
   * Returns a key that the token has, or is to have: nothing is asked of the token before the key signs.
   *
   * @param named - The key as the folder names it.
   */
  key(named: NamedKey): HeldKey;
}

/** A key of a token, as a file of keys names it in place of a secret. */
export interface NamedKey {
  /** Label of the key pair in the token. */
  readonly pkcs11: string;
  /** Its public key: 65 bytes, uncompressed. */
  readonly publicKey: `0x${string}`;
}

/** Tells whether a value of a file of keys names a key of a token. */
export function isNamedKey(value: unknown): value is NamedKey {
  const { pkcs11, publicKey } = (value ?? {}) as Partial<Record<keyof NamedKey, unknown>>;
  return (
    typeof pkcs11 === 'string' &&
    typeof publicKey === 'string' &&
    /^0x04[0-9a-f]{128}$/.test(publicKey)
  );
}
