import { ZERO32 } from '../../protocol/ids.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import type { RightGiven } from './grantRight.ts';
import { listGrants } from './listGrants.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';

/** Seconds: two rights whose ends are this close are the same right, given twice. */
const SAME_END = 60;

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
  const same = grants.filter((known) => isSame(known, right));
  if (same.length === 0) return undefined;
  const standing = await listGrants(party);
  return same.find(({ digest }) =>
    standing.some((listed) => listed.digest === digest && listed.state === 'holds'),
  );
}

function isSame({ grant: { terms } }: KnownGrant, right: RightGiven): boolean {
  return (
    terms.grantee === right.grantee &&
    terms.purpose === right.purpose &&
    terms.record === (right.record ?? ZERO32) &&
    ACTIONS.every((action) => terms[action] === right.actions.includes(action)) &&
    terms.categories.toSorted().join() === right.categories.toSorted().join() &&
    Math.abs(terms.until - right.until) <= SAME_END
  );
}
