import type { Ceremony, Deal } from '../../crypto/threshold/Deal.ts';
import type { ThresholdKey } from '../../crypto/threshold/thresholdKey.ts';
import type { Bytes32, Organisation } from '../ids.ts';
import type { ReleaseKey } from '../network/NetworkFile.ts';
import type { DealingPlan, KeyToDeal } from './planDealing.ts';

/** A change that deals shares, as far as it has come. All that is in it was verified. */
export interface DealingState {
  readonly plan: DealingPlan;
  /** Members that have given no recipient. */
  readonly silent: readonly Organisation[];
  /** Digest of the change and all recipients, to which deals belong; undefined until all have given theirs. */
  readonly round: Bytes32 | undefined;
  /** Each key with the deals that make it. */
  readonly keys: readonly KeyWithDeals[];
  /** Release keys of the channel that the deals make; undefined until there are enough deals. */
  readonly releases: readonly ReleaseKey[] | undefined;
}

/** A key with its deals, in the order in which they were given, and no more than it takes. */
export interface KeyWithDeals extends KeyToDeal {
  readonly ceremony: Ceremony;
  readonly deals: readonly { readonly organisation: Organisation; readonly deal: Deal }[];
  /** The key that the deals make together; absent until there are enough for each key of the change. */
  readonly made?: ThresholdKey;
}
