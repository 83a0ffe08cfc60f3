import { allOrNone } from '../configuration/allOrNone.ts';

/** Settings of the token that has an organisation's keys: all three of the first, or none. */
export interface TokenSettings {
  /** Path of the PKCS#11 module. */
  readonly module?: string;
  /** Label of the token. */
  readonly token?: string;
  /** File with the PIN. */
  readonly pin?: string;
  /** First part of the labels of keys that it makes. */
  readonly label: string;
  /** The helper that speaks to the module. */
  readonly program: string;
}

/** A token that settings name. */
export type NamedToken = Required<TokenSettings>;

/**
 * Returns the token that a node's settings name; undefined if they name none.
 *
 * @param settings - Those under `pkcs11`.
 * @throws MedsealError `CONFIGURATION_INVALID` if they name it in part.
 */
export function namedToken(settings: TokenSettings): NamedToken | undefined {
  const { module, token, pin, ...others } = settings;
  const whole = allOrNone('pkcs11', { module, token, pin });
  return whole && { ...whole, ...others };
}
