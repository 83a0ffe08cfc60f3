import { MedsealError } from '../../errors/MedsealError.ts';
import type { Audit } from './Audit.ts';
import { examineAudit } from './examineAudit.ts';
import type { AuditOptions } from './examineListed.ts';
import type { Party } from '../party/Party.ts';

/**
 * Reads all events of the patient's own chart, in every log of the channel: each entry and the list as a whole are
 * checked, and `unchecked` lists the facts that could not be. It throws at the first fault; `examineAudit` returns all.
 *
 * @param party - The patient.
 * @param options - See `AuditOptions`.
 * @throws MedsealError `EVIDENCE_INVALID` naming the log, the entry and the fault; `NOT_FOUND` on a device of someone
 * who is not a patient; `PARTY_SUSPENDED`; `RIGHT_MISSING` if the party does not control the chart any more.
 * @example
 * ```ts
 * const { logs } = await readAudit(patient, { ledger });
 * for (const { body } of logs.flatMap(({ events }) => events)) {
 *   if (body !== undefined) console.log(body.at, body.request.party, body.request.type, body.flag);
 * }
 * ```
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
 * @param audit - Findings of an audit, or about a saved chain.
 * @returns A sentence for each fault, which names its place.
 * @example
 * ```ts
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'chain') throw new Error('pick a saved chain');
 * const found = await examineChain(patient, file.chain);
 * console.log([...faultsOf(found), ...found.faults].join('\n'));
 * ```
 */
export function faultsOf({ logs }: Pick<Audit, 'logs'>): readonly string[] {
  return logs.flatMap(({ log, events, faults }) => [
    ...events.flatMap(({ index, fault }) =>
      fault === undefined ? [] : [`${log} #${index}: ${fault}`],
    ),
    ...faults.map((fault) => `${log}: ${fault}`),
  ]);
}
