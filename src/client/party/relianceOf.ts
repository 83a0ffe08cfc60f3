import type { Submission } from '../../protocol/AgentPort.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Party } from './Party.ts';

/** Right or mandate that an evidence request names, with its opening for those who judge it. */
export interface ReliedOn {
  /** Digest; `ZERO32` on a patient's own chart. */
  readonly grant: Bytes32;
  readonly along: Pick<Submission, 'opening'>;
}

/**
 * Returns what a party's evidence request rests on: a right, the mandate of whoever acts for the patient, or nothing, as the
 * chart is its own.
 *
 * @param party - The party that asks.
 * @param grant - The right; absent on the chart of the patient itself.
 */
export function relianceOf(party: Party, grant?: Grant): ReliedOn {
  if (grant !== undefined) {
    return { grant: digestOf(party, 'Grant', grant), along: { opening: grant } };
  }
  const { acting } = party;
  return acting === undefined
    ? { grant: ZERO32, along: {} }
    : { grant: acting.digest, along: { opening: acting.mandate } };
}

/**
 * Returns the party whose key signs evidence: whoever acts for a patient answers for that under its own name.
 *
 * @param party - The party that asks.
 */
export function evidenceSigner(party: Party): Pick<Party, 'address' | 'keys' | 'keyChanges'> {
  return party.acting?.by ?? party;
}
