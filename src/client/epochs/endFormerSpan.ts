import type { Keyring } from '../../protocol/rights/epochs.ts';
import { closeSpan } from './closeSpan.ts';
import { preparedIn } from './epochIdentity.ts';

/**
 * Ends the last span of a keyring that a former key kept, and notes its last prepared epoch: a holder of that key may have
 * chosen all keys in it. Later epochs get new keys, and devices turn the keys past the noted epoch (`turnFormerKeys`): it never goes back.
 *
 * @param keyring - The chart's keys, as the former key kept them.
 */
export function endFormerSpan(keyring: Keyring): Keyring {
  const former = Math.max(keyring.former ?? 0, preparedIn(keyring));
  return { ...closeSpan(keyring), former };
}
