import type { RightGiven } from './grantRight.ts';
import { isSameRight } from './isSameRight.ts';
import { listGrants } from './listGrants.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';

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
  const { grants } = await readPatientState(party);
  const same = grants.filter((known) => isSameRight(known, right));
  if (same.length === 0) return undefined;
  const standing = await listGrants(party);
  return same.find(({ digest }) =>
    standing.some((listed) => listed.digest === digest && listed.state === 'holds'),
  );
}
