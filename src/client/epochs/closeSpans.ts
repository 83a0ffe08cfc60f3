import { SPAN_KEYS, type Keyring, type SpanKey } from '../../protocol/rights/epochs.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';
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
  const closed: Record<number, Readonly<Partial<Record<SpanKey, string>>>> = Object.fromEntries(
    known,
  );
  for (const end of Object.keys(keyring.salts).map(Number)) {
    const at = Math.min(end, prepared);
    // A span that no epoch was prepared of has no key that anybody was given.
    if (at < 1 || tipFor(ends, at) !== end) continue;
    closed[at] = keysAt(seed, keyring, at);
  }
  return { ...keyring, salts: {}, closed, prepared };
}

/**
 * Returns the keys of an epoch that a keyring gives, which those of the epochs before it in its span follow from.
 *
 * @param seed - The seed that the salts belong to.
 * @param keyring - The patient's salts.
 * @param epoch - A prepared epoch.
 */
export function keysAt(
  seed: Uint8Array,
  keyring: Keyring,
  epoch: number,
): Readonly<Partial<Record<SpanKey, string>>> {
  const end = tipFor(spanEnds(keyring), epoch) ?? epoch;
  const held = SPAN_KEYS.filter((key) => holdsKey(keyring, end, key));
  return Object.fromEntries(held.map((key) => [key, epochIdentity(seed, keyring, epoch, key)]));
}
