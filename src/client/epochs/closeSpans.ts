import type { Keyring } from '../../protocol/epochs.ts';
import { tipFor } from '../../protocol/tipFor.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { epochIdentity, holdsKey, preparedIn, spanEnds } from './epochIdentity.ts';

/**
 * Ends every span and keeps its keys in place of the salts that gave them, so that another seed can go on with the
 * keyring: the prepared epochs keep their keys, and the next ones get keys of the other seed and of new salts.
 *
 * @param seed - The seed that the salts belong to.
 * @param keyring - The patient's salts.
 */
export function closeSpans(seed: Uint8Array, keyring: Keyring): Keyring {
  const prepared = preparedIn(keyring);
  const ends = spanEnds(keyring);
  // A thief of the old seed could have kept keys for epochs that nobody prepared.
  const known = Object.entries(keyring.closed ?? {}).filter(([end]) => Number(end) <= prepared);
  const closed: Record<number, Readonly<Partial<Record<Category, string>>>> = Object.fromEntries(
    known,
  );
  for (const end of Object.keys(keyring.salts).map(Number)) {
    const at = Math.min(end, prepared);
    // A span that no epoch was prepared of has no key that anybody was given.
    if (at < 1 || tipFor(ends, at) !== end) continue;
    const held = CATEGORIES.filter((category) => holdsKey(keyring, end, category));
    const kept = held.map((category) => [category, epochIdentity(seed, keyring, at, category)]);
    closed[at] = Object.fromEntries(kept) as Partial<Record<Category, string>>;
  }
  return { ...keyring, salts: {}, closed, prepared };
}
