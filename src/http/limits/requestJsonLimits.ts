import type { JsonLimits } from '../../crypto/parseJsonBytes.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import { jsonLimitsOf } from '../../protocol/wire/jsonLimitsOf.ts';

/**
 * Limits of whatever a server takes. A full list of submissions has some 100,000 values, and a few hundred names of
 * fields; JSON at these limits is parsed in less than 100 ms.
 */
export const REQUEST_JSON_MOST = { values: 2 ** 18, names: 1024 } as const;

/**
 * Returns the limits of the JSON of a request.
 *
 * @param shape - Shape that it must have.
 * @param bytes - The most bytes, whatever the shape allows.
 */
export function requestJsonLimits(shape: Shape, bytes: number): JsonLimits {
  const limits = jsonLimitsOf(shape, bytes);
  return {
    bytes: limits.bytes,
    values: Math.min(limits.values, REQUEST_JSON_MOST.values),
    names: Math.min(limits.names, REQUEST_JSON_MOST.names),
  };
}
