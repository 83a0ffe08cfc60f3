import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes.ts';
import { ageIdentity, identitySeed } from './ageIdentity.ts';

/** With a seed behind it, one block of SHA-256. */
const LABEL = utf8ToBytes('medseal/1/earlier-epoch');

/** Number of epochs of a span, at most. */
export const SPAN = 128;

/**
 * The age identity of an earlier epoch, from that of a later one in the same span: each epoch's seed is SHA-256 of the
 * label and the seed of the epoch after it. So who has the key of an epoch has those before it, and no key of a later
 * one follows from any of them.
 *
 * @param identity - `AGE-SECRET-KEY-PQ-1…` of the later epoch.
 * @param steps - Number of epochs back: 0 to `SPAN` - 1.
 * @returns `AGE-SECRET-KEY-PQ-1…`.
 * @throws RangeError for another number of steps.
 */
export function earlierIdentity(identity: string, steps: number): string {
  if (!Number.isInteger(steps) || steps < 0 || steps >= SPAN)
    throw new RangeError(`${steps} steps`);
  if (steps === 0) return identity;
  let seed = identitySeed(identity);
  for (let step = 0; step < steps; step++) seed = sha256(concatBytes(LABEL, seed));
  return ageIdentity(seed);
}
