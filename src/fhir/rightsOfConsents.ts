import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { ConsentFindings, type ConsentNote } from './ConsentFindings.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import {
  rightsOfConsent,
  type ConsentedRight,
  type ConsentRead,
  type ConsentReading,
} from './rightsOfConsent.ts';

/**
 * Reads a FHIR R4 Consent, or a Bundle of them, as rights of Medseal: see `rightsOfConsent`. A fault in one Consent
 * refuses them all. So does a Consent that denies beside others, because it would be an exception of theirs, and a Bundle
 * that says to be a part, or has a Consent twice: a denial may be missing, or a version be out of date. A name that may stand for
 * somebody else in each Consent is nobody's: `#doctor`, or relative ones of several servers.
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
  const outcome = faultsAround(value, entries);
  if (outcome !== undefined) return { outcome };
  const known = entries.length > 1 ? withoutInnerNames(reading) : reading;
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
    const read = rightsOfConsent(resource, known);
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

/** Returns the faults of a Bundle around its Consents: if it is a part, or has one twice, a denial may be missing. */
function faultsAround(bundle: unknown, entries: readonly unknown[]): ConsentFindings['outcome'] {
  const findings = new ConsentFindings();
  findings.onlyFields(bundle, 'Bundle', BUNDLE_FIELDS);
  findings.requireWhole(bundle, 'Bundle');
  for (const [index, link] of listOf(fieldOf(bundle, 'link')).entries()) {
    const isWhole = ['self', 'first', 'last'].includes(String(fieldOf(link, 'relation')));
    if (!isWhole) findings.refuse(`Bundle.link[${index}].relation`, PART);
    // A server that does not mark what it shortened still says what it was asked for.
    if (SHORTENING.test(String(fieldOf(link, 'url')))) {
      findings.refuse(`Bundle.link[${index}].url`, PART);
    }
  }
  const total = fieldOf(bundle, 'total');
  if (total !== undefined && total !== entries.length) findings.refuse('Bundle.total', PART);
  const seen = new Set<unknown>();
  const [base, ...others] = entries.map(baseOf);
  for (const [index, entry] of entries.entries()) {
    const path = `Bundle.entry[${index}]`;
    findings.onlyFields(entry, path, ENTRY_FIELDS);
    for (const [name, holder] of [
      ['fullUrl', entry],
      ['resource.id', fieldOf(entry, 'resource')],
    ] as const) {
      const named = fieldOf(holder, name === 'fullUrl' ? name : 'id');
      const key = named === undefined ? undefined : JSON.stringify([name, named]);
      if (key !== undefined && seen.has(key)) {
        findings.refuse(`${path}.${name}`, 'A Consent must be there once, in its newest version.');
      }
      seen.add(key);
    }
    if (index > 0 && others[index - 1] !== base) {
      const text =
        'These Consents are of several servers, whose names can stand for others: read each by itself.';
      findings.refuse(`${path}.fullUrl`, text);
    }
  }
  return findings.outcome;
}

/** Address of the server that an entry's relative references are of; empty if it has none. */
function baseOf(entry: unknown): string {
  const url = fieldOf(entry, 'fullUrl');
  return (typeof url === 'string' ? /^(https?:.*?\/)Consent\//.exec(url)?.[1] : undefined) ?? '';
}

function isShared(name: string): boolean {
  return !name.startsWith('#');
}

/** Leaves out the names that are a Consent's own: another one's of the same text is somebody else's. */
function withoutInnerNames({
  patientNames = [],
  actors = {},
  ...reading
}: ConsentReading): ConsentReading {
  return {
    ...reading,
    patientNames: patientNames.filter(isShared),
    actors: Object.fromEntries(Object.entries(actors).filter(([name]) => isShared(name))),
  };
}

const BUNDLE_FIELDS =
  'resourceType id meta language identifier type timestamp total link entry'.split(' ');
const ENTRY_FIELDS = ['id', 'fullUrl', 'link', 'resource', 'search'];
/** Parameters of a search by which a server leaves elements out. */
const SHORTENING = /[?&]_(?:elements|summary)=(?!false(?:&|$))/;
const PART = 'This Bundle is a part: a Consent that is not in it may deny something.';

const NAME = 'Consent';
const MOST_ENTRIES = 200;

function issue(path: string, text: string): OperationOutcomeIssue {
  return { severity: 'error', code: 'not-supported', diagnostics: text, expression: [path] };
}

function refused(path: string, text: string): ConsentRead {
  return { outcome: { resourceType: 'OperationOutcome', issue: [issue(path, text)] } };
}
