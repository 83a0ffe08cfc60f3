import { isAbsolute, join } from 'node:path';
import type { Primitives } from '../../crypto/Primitives.ts';
import { PkcsToken } from './PkcsToken.ts';
import { namedToken, type TokenSettings } from './TokenSettings.ts';

/**
 * Opens the token that the settings of a folder name; undefined if they name none. Nothing is asked of it before a key is needed.
 *
 * @param folder - Path of the folder, which a relative path of the PIN's file begins at.
 * @param settings - Those under `pkcs11`.
 * @param ports - The curve.
 * @throws MedsealError `CONFIGURATION_INVALID` if they name it in part.
 */
export function openToken(
  folder: string,
  settings: TokenSettings,
  { primitives }: { readonly primitives: Primitives },
): PkcsToken | undefined {
  const named = namedToken(settings);
  if (named === undefined) return undefined;
  const pin = isAbsolute(named.pin) ? named.pin : join(folder, named.pin);
  return new PkcsToken({ ...named, pin, primitives });
}
