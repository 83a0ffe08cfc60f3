import type { Handle } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import type { Audit } from './Audit.ts';
import { examineListed, type AuditOptions } from './examineListed.ts';

/**
 * Asks for all events of the patient's own chart, which is an event too, and examines every part of the answer: each
 * entry's body, author, verdicts and place, their order, and their number against what k coordinators count in copies
 * of their own. Returns faults and facts that could not be checked, and throws for neither.
 *
 * @param party - The patient.
 * @param options - See `AuditOptions`; `handle`: the patient's chart, for a device that is about to learn its state.
 * @returns The entries and faults of each log: `faultsOf` lists the faults of all.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `PARTY_SUSPENDED`; `RIGHT_MISSING` if
 * the party does not control the chart any more.
 * @example
 * ```ts
 * const audit = await examineAudit(patient, { ledger });
 * const faults = faultsOf(audit);
 * const unchecked = audit.logs.flatMap((each) => each.unchecked.map((what) => `${each.log}: ${what}`));
 * console.log(faults.length === 0 ? 'No faults found.' : faults.join('\n'), unchecked);
 * ```
 */
export async function examineAudit(
  party: Party,
  { handle: named, ...options }: AuditOptions & { readonly handle?: Handle } = {},
): Promise<Audit> {
  const handle = named ?? (await readPatientState(party)).handle;
  return await examineListed(party, { what: 'audit', handle, purpose: 'PATRQT' }, options);
}
