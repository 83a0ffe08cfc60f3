import { MedsealError } from '../../errors/MedsealError.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';
import { closeSpan } from '../epochs/closeSpan.ts';
import { preparedIn, spanEnds } from '../epochs/epochIdentity.ts';

/** A keyring, and the last epoch of its present span. */
export interface SpanEnded {
  readonly keyring: Keyring;
  readonly at: number;
}

/**
 * Ends the present span, at its end or after the last epoch that was prepared (`closeSpan`), so that the keys up to there and
 * those of later epochs do not follow from each other.
 *
 * @param keyring - The chart's keys.
 * @param epoch - The present epoch.
 * @throws MedsealError `STATE_STALE` if the keyring does not know the present epoch.
 */
export function endSpan(keyring: Keyring, epoch: number): SpanEnded {
  const prepared = preparedIn(keyring);
  const end = tipFor(spanEnds(keyring), epoch);
  if (end === undefined || prepared < epoch) throw new MedsealError('STATE_STALE', {});
  if (end <= prepared) return { keyring, at: end };
  return { keyring: closeSpan(keyring), at: prepared };
}
