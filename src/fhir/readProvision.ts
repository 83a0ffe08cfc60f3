import type { Address, RecordId } from '../protocol/ids.ts';
import {
  CATEGORIES,
  ORDINARY_CATEGORIES,
  PURPOSES,
  type Action,
  type Category,
  type Purpose,
} from '../protocol/vocabulary.ts';
import { boundsOfPeriod } from './boundsOfPeriod.ts';
import { bothConditions, type Conditions } from './Conditions.ts';
import type { ConsentFindings } from './ConsentFindings.ts';
import { fieldOf } from './fieldOf.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';
import { isSensitiveLabel } from './securityLabels.ts';

/** Parties by the names that a Consent has for them: a reference, or the system and value of an identifier, with `|`. */
export type ActorNames = Readonly<Record<string, Address>>;

/** Kind of a provision: permits are read exactly or more narrowly, denials exactly or more widely. */
export type ProvisionKind = 'permit' | 'deny';

/**
 * Reads the conditions of one provision of a FHIR R4 Consent, without the provisions in it. Whatever a right cannot
 * say is refused, with its path.
 *
 * @param value - The provision.
 * @param path - Its path.
 * @param kind - Its type.
 * @param names - Parties whom it names otherwise than by their addresses.
 * @param findings - Gets the faults and notes.
 */
export function readProvision(
  value: unknown,
  path: string,
  kind: ProvisionKind,
  names: ActorNames,
  findings: ConsentFindings,
): Conditions {
  findings.onlyFields(value, path, FIELDS);
  const read: Reading = { value, path, kind, findings };
  const labels = findings.values(value, path, 'securityLabel').map(([each]) => each);
  const conditions: readonly Conditions[] = [
    periodOf(read),
    list(read, 'actor', 'actors', (each, at) => actorOf(each, at, names, findings)),
    list(read, 'action', 'actions', (each, at) => actionOf(each, at, findings)),
    list(read, 'purpose', 'purposes', (each, at) => purposesOf(each, at, kind, findings)),
    list(read, 'data', 'records', (each, at) => recordOf(each, at, kind, findings)),
    list(read, 'securityLabel', 'categories', (each, at) => labelOf(each, at, kind, findings)),
    list(read, 'class', 'categories', (each, at) => categoryOf(each, at, findings)),
    list(read, 'code', 'categories', (each, at) => {
      return categoryOf(codingIn(each, at, findings), `${at}.coding[0]`, findings);
    }),
  ];
  const both = conditions.reduce(bothConditions);
  // Beside such a label no other condition on categories makes a denial narrower.
  return kind === 'deny' && labels.some(isForeignLabel)
    ? { ...both, categories: [...new Set([...(both.categories ?? []), 'sensitive' as const])] }
    : both;
}

const FIELDS = 'id type period actor action securityLabel purpose class code data provision'.split(
  ' ',
);
const ALWAYS = { from: -Infinity, until: Infinity } as const;
const HL7 = 'http://terminology.hl7.org/CodeSystem';

interface Reading {
  readonly value: unknown;
  readonly path: string;
  readonly kind: ProvisionKind;
  readonly findings: ConsentFindings;
}

/** Reads an element as a condition; one that is absent is always met. */
function list(
  { value, path, findings }: Reading,
  element: string,
  name: keyof Conditions,
  read: (each: unknown, at: string) => readonly string[],
): Conditions {
  const values = findings.values(value, path, element);
  if (values.length === 0) return ALWAYS;
  return { ...ALWAYS, [name]: [...new Set(values.flatMap(([each, at]) => read(each, at)))] };
}

function periodOf({ value, path, findings }: Reading): Conditions {
  const period = fieldOf(value, 'period');
  if (period === undefined) return ALWAYS;
  findings.onlyFields(period, `${path}.period`, ['id', 'start', 'end']);
  const [start, end] = (['start', 'end'] as const).map((name) => {
    const text = fieldOf(period, name);
    if (text === undefined) return undefined;
    const at = `${path}.period.${name}`;
    const bounds = typeof text === 'string' ? boundsOfPeriod(text) : undefined;
    if (bounds === undefined) findings.refuse(at, 'This must be a FHIR dateTime.', 'value');
    if (bounds?.isDate === true)
      findings.note(at, 'A date without a time zone is taken as of UTC.');
    return bounds;
  });
  return { from: start?.first ?? -Infinity, until: end?.after ?? Infinity };
}

function actorOf(
  value: unknown,
  path: string,
  names: ActorNames,
  findings: ConsentFindings,
): readonly Address[] {
  findings.onlyFields(value, path, ['id', 'role', 'reference']);
  const role = codingIn(fieldOf(value, 'role'), `${path}.role`, findings);
  const system = `${HL7}/v3-ParticipationType`;
  if (fieldOf(role, 'system') !== system || !RECIPIENTS.includes(String(fieldOf(role, 'code')))) {
    findings.refuse(`${path}.role`, 'A right is for a recipient of information, IRCP or PRCP.');
  }
  const at = `${path}.reference`;
  const reference = fieldOf(value, 'reference');
  findings.onlyFields(reference, at, ['id', 'reference', 'type', 'identifier', 'display']);
  const named = [fieldOf(reference, 'reference'), fieldOf(reference, 'identifier')].filter(
    (each) => each !== undefined,
  );
  const found = new Set(named.map((each) => partyNamed(each, names)));
  const [party] = found;
  if (found.size === 1 && party !== undefined) return [party];
  findings.refuse(
    at,
    `This must name one party: by an identifier of the system ${MEDSEAL_SYSTEMS.party}, or a name that you say whose it is.`,
    'not-found',
  );
  return [];
}

/** Information recipient, and the primary one. */
const RECIPIENTS = ['IRCP', 'PRCP'];

function partyNamed(named: unknown, names: ActorNames): Address | undefined {
  const { system, value } = {
    system: fieldOf(named, 'system'),
    value: fieldOf(named, 'value'),
  };
  if (system === MEDSEAL_SYSTEMS.party) {
    return typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value)
      ? (value as Address)
      : undefined;
  }
  const name = typeof named === 'string' ? named : `${String(system)}|${String(value)}`;
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function actionOf(value: unknown, path: string, findings: ConsentFindings): readonly Action[] {
  const coding = codingIn(value, path, findings);
  const action = ACTION_OF.get(String(fieldOf(coding, 'code')));
  if (fieldOf(coding, 'system') === `${HL7}/consentaction` && action !== undefined) return [action];
  findings.refuse(path, 'A right allows access, collect or correct.');
  return [];
}

const ACTION_OF = new Map<string, Action>([
  ['access', 'read'],
  ['collect', 'add'],
  ['correct', 'amend'],
]);

function purposesOf(
  value: unknown,
  path: string,
  kind: ProvisionKind,
  findings: ConsentFindings,
): readonly Purpose[] {
  checkCoding(value, path, findings);
  const purpose = PURPOSES.find((each) => each === fieldOf(value, 'code'));
  if (fieldOf(value, 'system') !== `${HL7}/v3-ActReason` || purpose === undefined) {
    findings.refuse(path, `A right is for one of ${PURPOSES.join(', ')} of v3-ActReason.`);
    return [];
  }
  return kind === 'deny' ? [purpose, ...(NARROWER[purpose] ?? [])] : [purpose];
}

/** Codes below a code of v3-ActReason: who denies treatment denies emergency treatment too. */
const NARROWER: Readonly<Partial<Record<Purpose, readonly Purpose[]>>> = {
  TREAT: ['ETREAT', 'BTG'],
  ETREAT: ['BTG'],
};

function recordOf(
  value: unknown,
  path: string,
  kind: ProvisionKind,
  findings: ConsentFindings,
): readonly RecordId[] {
  if (kind === 'deny') {
    findings.refuse(path, 'No right to a category can leave out one record.');
    return [];
  }
  findings.onlyFields(value, path, ['id', 'meaning', 'reference']);
  if (fieldOf(value, 'meaning') !== 'instance') {
    findings.refuse(`${path}.meaning`, 'A right covers an instance alone, not what belongs to it.');
  }
  const at = `${path}.reference`;
  const reference = fieldOf(value, 'reference');
  findings.onlyFields(reference, at, ['id', 'type', 'identifier', 'display']);
  const identifier = fieldOf(reference, 'identifier');
  const record = fieldOf(identifier, 'value');
  const isOurs = fieldOf(identifier, 'system') === MEDSEAL_SYSTEMS.record;
  if (isOurs && typeof record === 'string' && /^0x[0-9a-f]{64}$/.test(record)) {
    return [record as RecordId];
  }
  findings.refuse(at, `This must be an identifier of the system ${MEDSEAL_SYSTEMS.record}.`);
  return [];
}

/** A label of others by which every resource that has it is sensitive. */
function isForeignLabel(label: unknown): boolean {
  return fieldOf(label, 'system') !== MEDSEAL_SYSTEMS.category && isSensitiveLabel(label);
}

/**
 * A label of ours is a category; "normal or lower" is all that no label says more of. A denial of a label that makes
 * records sensitive denies all that are.
 */
function labelOf(
  value: unknown,
  path: string,
  kind: ProvisionKind,
  findings: ConsentFindings,
): readonly Category[] {
  const isNormal =
    fieldOf(value, 'system') === `${HL7}/v3-Confidentiality` && fieldOf(value, 'code') === 'N';
  if (kind === 'deny' && isForeignLabel(value)) {
    checkCoding(value, path, findings);
    findings.note(path, 'This denies all sensitive records, whatever their label.');
    return ['sensitive'];
  }
  if (kind === 'deny' || !isNormal) return categoryOf(value, path, findings);
  checkCoding(value, path, findings);
  findings.note(path, 'Records without a label count as normally confidential.');
  return ORDINARY_CATEGORIES;
}

function categoryOf(value: unknown, path: string, findings: ConsentFindings): readonly Category[] {
  checkCoding(value, path, findings);
  const category = CATEGORIES.find((each) => each === fieldOf(value, 'code'));
  if (fieldOf(value, 'system') === MEDSEAL_SYSTEMS.category && category !== undefined) {
    return [category];
  }
  findings.refuse(
    path,
    `Rights cover whole categories, which the system ${MEDSEAL_SYSTEMS.category} names; no other code is exactly one.`,
  );
  return [];
}

/** The one coding of a concept: of several, one could be wider than another. */
function codingIn(value: unknown, path: string, findings: ConsentFindings): unknown {
  findings.onlyFields(value, path, ['id', 'coding', 'text']);
  const [first, ...others] = findings.values(value, path, 'coding');
  if (first === undefined || others.length > 0) {
    findings.refuse(`${path}.coding`, 'This must have one coding.');
  }
  if (first !== undefined) checkCoding(first[0], first[1], findings);
  return first?.[0];
}

function checkCoding(value: unknown, path: string, findings: ConsentFindings): void {
  findings.onlyFields(value, path, ['id', 'system', 'version', 'code', 'display', 'userSelected']);
}
