import { SPAN_KEYS, type Keyring } from '../../protocol/rights/epochs.ts';
import { epochIdentity, holdsKey, preparedIn, spanEnds } from './epochIdentity.ts';

/**
 * Ends the last span after the last epoch that was prepared: that epoch's keys take the place of those that would give later
 * ones, so the epochs that are prepared from now on get random keys that follow from nothing that anybody had. No epoch that
 * was published gets another key: sheets and packets stay valid, whichever epoch the ledger enters next.
 *
 * @param keyring - The chart's keys.
 */
export function closeSpan(keyring: Keyring): Keyring {
  const prepared = preparedIn(keyring);
  const ends = spanEnds(keyring);
  const later = ends.filter((end) => end > prepared);
  if (later.length === 0) return keyring;
  const kept = Object.entries(keyring.keys).filter(([end]) => Number(end) <= prepared);
  const keys: Record<string, Keyring['keys'][string]> = Object.fromEntries(kept);
  // A span that no epoch was prepared of has no key that anybody was given.
  if (prepared > 0 && !ends.includes(prepared)) {
    const end = Math.min(...later);
    const held = SPAN_KEYS.filter((key) => holdsKey(keyring, end, key));
    keys[prepared] = Object.fromEntries(
      held.map((key) => [key, epochIdentity(keyring, prepared, key)]),
    );
  }
  return { ...keyring, keys, prepared };
}
