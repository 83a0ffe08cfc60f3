import { listMandates, restorePatient, type MandateListed } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Session } from './Session.ts';
import { stateOfMandate, type MandateState } from './heldMandates.ts';

/** A mandate on the patient's chart, and how it stands with it. */
export interface MandateShown extends MandateListed {
  readonly stands: MandateState;
}

/**
 * Lists the mandates on the patient's chart, those that stand first. One that another device of the patient gave is known here as
 * soon as that device's state is: only what no device knows is a danger.
 *
 * @param session - The patient, or who acts for the patient.
 * @throws MedsealError what `listMandates` throws.
 */
export async function mandatesHere({
  party,
}: Pick<Session, 'party'>): Promise<readonly MandateShown[]> {
  const first = await listMandates(party);
  const isMissing = first.some(({ opening }) => opening === undefined);
  if (isMissing) await restorePatient(party);
  const listed = isMissing ? await listMandates(party) : first;
  const now = seconds(party.clock);
  return listed
    .map((each) => ({ ...each, stands: stateOfMandate(listed, each.mandate, each.opening, now) }))
    .toSorted((one, other) => Number(other.stands === 'active') - Number(one.stands === 'active'));
}
