import { ageIdentity } from '../../crypto/keys/ageIdentity.ts';
import { SPAN_KEYS, type SpanKey } from '../../protocol/rights/epochs.ts';

/**
 * The keys of a span as a keyring holds them, others for each number.
 *
 * @param fill - A number below 200.
 */
export function keysOfSpan(fill: number): Readonly<Record<SpanKey, string>> {
  const keys = SPAN_KEYS.map((key, place) => {
    return [key, ageIdentity(new Uint8Array(32).fill(fill + place))] as const;
  });
  return Object.fromEntries(keys) as Record<SpanKey, string>;
}
