import { malformed } from '../../errors/malformed.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';

/** Makes the error for what is not a point. */
export function malformedPoint(): MedsealError {
  return malformed('point of BLS12-381');
}
