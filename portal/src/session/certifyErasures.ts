import {
  certifyErasure,
  erasedCategories,
  examineAudit,
  type CertifiedErasure,
} from '../../../src/client/index.ts';
import type { Session } from './Session.ts';

/**
 * Asks every organisation about all that the patient erased: one audit, and a certificate for each category.
 *
 * @param session - The patient.
 * @throws MedsealError as `certifyErasure`.
 */
export async function certifyErasures({
  party,
}: Pick<Session, 'party'>): Promise<readonly CertifiedErasure[]> {
  const audit = await examineAudit(party);
  const made: CertifiedErasure[] = [];
  for (const category of erasedCategories(audit)) {
    made.push(await certifyErasure(party, category, { audit }));
  }
  return made;
}
