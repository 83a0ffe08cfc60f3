import { MedsealError } from '../../errors/MedsealError.ts';

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
  if (module !== undefined && token !== undefined && pin !== undefined) {
    return { module, token, pin, ...others };
  }
  if (module === undefined && token === undefined && pin === undefined) return undefined;
  const given = Object.entries({ module, token, pin });
  const [lacks = ''] = given.find(([, value]) => value === undefined) ?? [];
  const [has = ''] = given.find(([, value]) => value !== undefined) ?? [];
  throw new MedsealError('CONFIGURATION_INVALID', {
    key: `pkcs11.${lacks}`,
    source: 'the configuration',
    reason: `pkcs11.${has} needs it too`,
  });
}
