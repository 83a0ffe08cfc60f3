import type { AuditEvent, Bundle, Provenance } from '@medplum/fhirtypes';
import type { Write } from '../protocol/struct/requests.ts';
import { auditEventOf, type EntryToTell } from './auditEventOf.ts';
import { auditEventOfRule, type RuleToTell } from './auditEventOfRule.ts';
import { collectionOf } from './collectionOf.ts';
import { provenanceOfWrite } from './provenanceOfWrite.ts';

/**
 * Writes a patient's audit as FHIR R4: an AuditEvent for each entry, a Provenance for each accepted version of a record,
 * and an AuditEvent for each right that was given or ended. It tells in the clear who did what: it is for those who are
 * entitled to the audit.
 *
 * @param entries - Verified entries, with their bodies.
 * @param rules - Rights given and ended, if a ledger was asked.
 */
export function auditInFhir(
  entries: readonly EntryToTell[],
  rules: readonly RuleToTell[] = [],
): Bundle<AuditEvent | Provenance> {
  const events = entries.map((told) => ({ hash: told.entry, resource: auditEventOf(told) }));
  const versions = entries
    .filter(({ body }) => body.flag === 'A' && body.request.type === 'Write')
    .map((told) => {
      // No other version has this file, so the name is not that of the AuditEvent.
      const { file } = told.body.request.message as Write;
      return { hash: file, resource: provenanceOfWrite(told) };
    });
  const changes = rules.map((told) => ({ hash: told.id, resource: auditEventOfRule(told) }));
  return collectionOf<AuditEvent | Provenance>([...events, ...changes, ...versions]);
}
