import { canonicalJson } from '../wire/canonicalJson.ts';
import { succeeds } from '../wire/succeeds.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Tells whether a value equals a network file in every field, whatever its formatting. Files of one network id can name
 * different keys: the id alone says nothing.
 *
 * @param network - The pinned network file.
 * @param given - Not trusted.
 */
export function isSameNetworkFile(network: NetworkFile, given: unknown): boolean {
  return succeeds(() => canonicalJson(given) === canonicalJson(network));
}
