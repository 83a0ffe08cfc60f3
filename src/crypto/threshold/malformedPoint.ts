import { malformed } from '../../errors/malformed.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';

/** Makes the error for what is not a point. */
export function malformedPoint(): MedsealError {
  return malformed('point of secp256k1');
}

/**
 * A sum that has to be a point.
 *
 * @param sum - The answer of the arithmetic's `sum`.
 * @throws MedsealError `REQUEST_MALFORMED` if it is the point at infinity.
 */
export function finite(sum: Uint8Array | undefined): Uint8Array {
  if (sum === undefined) throw malformedPoint();
  return sum;
}
