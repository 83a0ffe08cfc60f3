import type { RightGiven } from './grantRight.ts';
import { standingRights } from './standingRights.ts';
import type { Party } from '../party/Party.ts';
import type { KnownGrant } from '../state/PatientState.ts';

/**
 * Finds a right that holds now and gives the same until the same time: a right that is given twice is meant once.
 *
 * @param party - The patient.
 * @param right - Right to give.
 * @throws MedsealError as `listGrants` does.
 */
export async function standingRight(
  party: Party,
  right: RightGiven,
): Promise<KnownGrant | undefined> {
  return (await standingRights(party, [right]))[0];
}
