import type { Audit } from '../../client/audit/Audit.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { examineActs } from '../../client/audit/examineActs.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import type { AuditOptions } from '../../client/audit/examineListed.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';

/**
 * Asks for the entries of the visitor's chain: a patient's are all that concern the chart, anybody else's all that they
 * signed themselves. If no state opens on the device, the ledger says if the visitor is a patient: somebody who altered the
 * device's files would otherwise keep the chart's entries from them.
 *
 * @param party - The visitor.
 * @param options - See `AuditOptions`.
 * @throws MedsealError what `examineAudit`, `examineActs` and `restorePatient` throw.
 */
export async function examineVisitor(party: Party, options: AuditOptions): Promise<Audit> {
  const state = await readPatientState(party).catch((error: unknown) => {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
  });
  if (state === undefined) {
    const { party: facts } = await confirmFacts(party, { party: party.address });
    if (facts?.handle === undefined) return await examineActs(party, options);
    await restorePatient(party, facts);
  }
  return await examineAudit(party, options);
}
