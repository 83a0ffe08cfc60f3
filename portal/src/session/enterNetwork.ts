import { enrol, preparePatient } from '../../../src/client/index.ts';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import { refreshSession } from './openSession.ts';
import type { Session } from './Session.ts';

/**
 * Applies to the authority in a role, and prepares a patient's chart.
 *
 * @param session - The person, who is not enrolled yet.
 * @param role - The role.
 * @throws MedsealError `ENROLMENT_REFUSED`, and what `preparePatient` throws.
 */
export async function enterNetwork(session: Session, role: Role): Promise<Session> {
  const { party, place } = session;
  const as = { role, organisation: place.organisation };
  await enrol(party, as);
  if (role === 'patient') await preparePatient(party, as);
  return await refreshSession(session);
}
