import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { Category } from '../../protocol/vocabulary.ts';

/**
 * Tells whether a keyring has keys of a category in spans up to an epoch.
 *
 * @param keyring - The keyring.
 * @param category - The category.
 * @param upTo - The epoch.
 */
export function hasKeysOf(keyring: Keyring, category: Category, upTo: number): boolean {
  return Object.entries(keyring.keys).some(
    ([end, keys]) => Number(end) <= upTo && category in keys,
  );
}
