import { MedsealError } from '../../errors/MedsealError.ts';
import type { Audit } from './Audit.ts';
import { examineAudit, type AuditOptions } from './examineAudit.ts';
import type { Party } from '../party/Party.ts';

/**
 * Reads all events of the patient's own chart, in every log of the channel: each entry and the list as a whole are
 * checked, and `unchecked` lists the facts that could not be.
 *
 * @param party - The patient.
 * @param options - See `AuditOptions`.
 * @throws MedsealError `EVIDENCE_INVALID` naming the log, the entry and the fault; the code of the refusal.
 */
export async function readAudit(party: Party, options: AuditOptions = {}): Promise<Audit> {
  const audit = await examineAudit(party, options);
  const [fault] = faultsOf(audit);
  if (fault !== undefined) throw new MedsealError('EVIDENCE_INVALID', { reason: fault });
  return audit;
}

/**
 * Returns all faults of an audit.
 *
 * @param audit - Findings of `examineAudit`.
 * @returns A sentence for each fault, which names its place.
 */
export function faultsOf({ logs }: Audit): readonly string[] {
  return logs.flatMap(({ log, events, faults }) => [
    ...events.flatMap(({ index, fault }) =>
      fault === undefined ? [] : [`${log} #${index}: ${fault}`],
    ),
    ...faults.map((fault) => `${log}: ${fault}`),
  ]);
}
