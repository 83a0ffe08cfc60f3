import { examineAudit, type Audit } from '../../../src/client/index.ts';
import type { Session } from './Session.ts';

const audits = new WeakMap<Session['party'], Promise<Audit>>();

/**
 * Returns the last audit of this session, or asks for one, which becomes an event of the patient's chart.
 *
 * @param session - The patient.
 * @param fresh - True to ask again.
 * @throws MedsealError what `examineAudit` throws.
 */
export async function auditIn({ party }: Session, fresh = false): Promise<Audit> {
  const known = audits.get(party);
  if (known !== undefined && !fresh) return await known;
  const asked = auditAfter(party, known);
  audits.set(party, asked);
  asked.catch(() => {
    if (audits.get(party) !== asked) return;
    // The one before is still true of its time.
    if (known === undefined) audits.delete(party);
    else audits.set(party, known);
  });
  return await asked;
}

async function auditAfter(
  party: Session['party'],
  known: Promise<Audit> | undefined,
): Promise<Audit> {
  const last = await known?.catch(() => undefined);
  return await examineAudit(party, { last });
}
