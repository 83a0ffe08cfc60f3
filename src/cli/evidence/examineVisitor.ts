import type { Audit } from '../../client/audit/Audit.ts';
import { examineActs } from '../../client/audit/examineActs.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import type { AuditOptions } from '../../client/audit/examineListed.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';

/**
 * Asks for the entries of the visitor's chain: a patient's are all that concern the chart, anybody else's all that they
 * signed themselves.
 *
 * @param party - The visitor.
 * @param options - See `AuditOptions`.
 * @throws MedsealError what `examineAudit` and `examineActs` throw.
 */
export async function examineVisitor(party: Party, options: AuditOptions): Promise<Audit> {
  const state = await readPatientState(party).catch((error: unknown) => {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
  });
  return state === undefined
    ? await examineActs(party, options)
    : await examineAudit(party, options);
}
