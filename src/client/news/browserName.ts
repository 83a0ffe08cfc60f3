import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns the name of a browser: the SHA-256 of its address at its push service.
 *
 * @param party - The party, for its hash.
 * @param endpoint - The address.
 * @example
 * ```ts
 * const name = browserName(patient, 'https://updates.push.services.mozilla.com/wpush/v2/gAAA');
 * const { browsers } = await listTold(patient);
 * console.log(browsers.some((browser) => browser.endpoint === name));
 * ```
 */
export function browserName({ primitives }: Pick<Party, 'primitives'>, endpoint: string): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(endpoint)));
}
