import { fetchEntry, isMedsealError, type AuditEvent } from '../../../src/client/index.ts';
import type { Acknowledgement } from '../../../src/protocol/evidence/evidence.ts';
import { auditIn } from './audits.ts';
import type { Session } from './Session.ts';

/**
 * Returns the entry of a line with its verdicts, to be shown to others; of an older one the node is asked for it.
 *
 * @param session - The patient.
 * @param event - The line.
 * @throws MedsealError what `fetchEntry` and `examineAudit` throw.
 */
export async function entryHere(session: Session, event: AuditEvent): Promise<Acknowledgement> {
  const { party } = session;
  try {
    return await fetchEntry(party, await auditIn(session), event);
  } catch (error) {
    if (!isMedsealError(error, 'RELEASE_UNKNOWN')) throw error;
    return await fetchEntry(party, await auditIn(session, 'fresh'), event);
  }
}
