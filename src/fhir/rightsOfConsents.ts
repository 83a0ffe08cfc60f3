import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { ConsentNote } from './ConsentFindings.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import {
  rightsOfConsent,
  type ConsentedRight,
  type ConsentRead,
  type ConsentReading,
} from './rightsOfConsent.ts';

/**
 * Reads a FHIR R4 Consent, or a Bundle of them, as rights of Medseal: see `rightsOfConsent`. A fault in one Consent
 * refuses them all. So does a Consent that denies beside others, because it would be an exception of theirs.
 *
 * @param value - Consent, or Bundle of the type collection or searchset, as it was decoded from JSON.
 * @param reading - Patient, moment, and the names of parties.
 */
export function rightsOfConsents(value: unknown, reading: ConsentReading): ConsentRead {
  if (fieldOf(value, 'resourceType') !== 'Bundle') return rightsOfConsent(value, reading);
  if (!['collection', 'searchset'].includes(String(fieldOf(value, 'type')))) {
    return refused('Bundle.type', 'This must be collection or searchset.');
  }
  const entries = listOf(fieldOf(value, 'entry'));
  if (entries.length > MOST_ENTRIES) return refused('Bundle.entry', 'There are too many entries.');
  const rights: ConsentedRight[] = [];
  const notes: ConsentNote[] = [];
  const issues: OperationOutcomeIssue[] = [];
  for (const [index, entry] of entries.entries()) {
    const resource = fieldOf(entry, 'resource');
    const at = (path: string): string =>
      `Bundle.entry[${index}].resource${path.slice(NAME.length)}`;
    const isDenial = fieldOf(fieldOf(resource, 'provision'), 'type') === 'deny';
    if (isDenial && fieldOf(resource, 'status') === 'active' && entries.length > 1) {
      issues.push(issue(at(`${NAME}.provision.type`), 'A Consent that denies must come alone.'));
    }
    const read = rightsOfConsent(resource, reading);
    if ('outcome' in read) {
      for (const each of read.outcome.issue) {
        issues.push({ ...each, expression: each.expression?.map(at) ?? [] });
      }
    } else {
      rights.push(...read.rights);
      notes.push(...read.notes.map(({ path, text }) => ({ path: at(path), text })));
    }
  }
  if (issues.length > 0) return { outcome: { resourceType: 'OperationOutcome', issue: issues } };
  const each = new Map(rights.map((right) => [JSON.stringify(right), right]));
  return { rights: [...each.values()], notes };
}

const NAME = 'Consent';
const MOST_ENTRIES = 200;

function issue(path: string, text: string): OperationOutcomeIssue {
  return { severity: 'error', code: 'not-supported', diagnostics: text, expression: [path] };
}

function refused(path: string, text: string): ConsentRead {
  return { outcome: { resourceType: 'OperationOutcome', issue: [issue(path, text)] } };
}
