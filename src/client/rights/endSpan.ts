import { MedsealError } from '../../errors/MedsealError.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { tipFor } from '../../protocol/evidence/tipFor.ts';
import { keysAt } from '../epochs/closeSpans.ts';
import { preparedIn, spanEnds } from '../epochs/epochIdentity.ts';

/** A keyring, and the last epoch of its present span. */
export interface SpanEnded {
  readonly keyring: Keyring;
  readonly at: number;
}

/**
 * Ends the present span after the last epoch that was prepared: its keys are kept as they are, and the epochs that are
 * prepared from now on get keys of new salts, so that the former keys and the new ones do not follow from each other.
 * No epoch that was published gets another key: sheets and packets stay valid, whichever epoch the ledger enters next.
 *
 * @param seed - The patient's seed.
 * @param keyring - The patient's salts.
 * @param epoch - The present epoch.
 * @throws MedsealError `STATE_STALE` if the keyring does not know the present epoch.
 */
export function endSpan(seed: Uint8Array, keyring: Keyring, epoch: number): SpanEnded {
  const prepared = preparedIn(keyring);
  const end = tipFor(spanEnds(keyring), epoch);
  if (end === undefined || prepared < epoch) throw new MedsealError('STATE_STALE', {});
  if (end <= prepared) return { keyring, at: end };
  const { [end]: _replaced, ...salts } = keyring.salts;
  const closed = { ...keyring.closed, [prepared]: keysAt(seed, keyring, prepared) };
  return { keyring: { ...keyring, salts, closed }, at: prepared };
}
