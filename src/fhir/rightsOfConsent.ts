import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Address, Handle, RecordId } from '../protocol/ids.ts';
import {
  ACTIONS,
  CATEGORIES,
  ORDINARY_CATEGORIES,
  type Action,
  type Category,
  type Purpose,
} from '../protocol/vocabulary.ts';
import {
  bothConditions,
  canBeMet,
  furtherConditions,
  withoutConditions,
  type Conditions,
  type FullConditions,
} from './Conditions.ts';
import { ConsentFindings, type ConsentNote } from './ConsentFindings.ts';
import { fieldOf } from './fieldOf.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';
import { readProvision, type ActorNames, type ProvisionKind } from './readProvision.ts';

/** A right that a Consent gives, as `grantRight` takes it. */
export interface ConsentedRight {
  readonly grantee: Address;
  readonly categories: readonly Category[];
  readonly record?: RecordId;
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  /** Unix seconds; absent if it holds at once. */
  readonly from?: number;
  /** Unix seconds. */
  readonly until: number;
}

/** Facts by which a Consent is read. */
export interface ConsentReading {
  /** Handle of the patient who would sign. */
  readonly handle: Handle;
  /** Now, Unix seconds. */
  readonly at: number;
  /** End of what the Consent lets hold for ever or longer, Unix seconds; a Consent without an end is refused if absent. */
  readonly until?: number;
  /** References by which the Consent names the patient, such as `Patient/f001`. */
  readonly patientNames?: readonly string[];
  /** Parties whom the Consent names otherwise than by their addresses. */
  readonly actors?: ActorNames;
  /** Parties to whom the patient narrows what it permits to everybody; a Consent that names nobody is refused if absent. */
  readonly everybody?: readonly Address[];
}

/** Meaning of a Consent: rights, or why it cannot be said by rights. */
export type ConsentRead =
  | { readonly rights: readonly ConsentedRight[]; readonly notes: readonly ConsentNote[] }
  | { readonly outcome: OperationOutcome };

/**
 * Reads a FHIR R4 Consent as rights of Medseal. They never cover more than the Consent says: what a right cannot say
 * is refused by its path, and nothing is given. A permit in a permit is a further one. Denials beat permits. A Consent that is not active, or that only denies,
 * gives nothing, because everything is denied by default.
 *
 * @param consent - The resource, as it was decoded from JSON; anything else is refused.
 * @param reading - Patient, moment, and the names of parties.
 * @example
 * ```ts
 * const at = Math.floor(Date.now() / 1000);
 * const read = rightsOfConsent(parseFhirJson(bytes), { handle, at });
 * if ('outcome' in read) throw new Error(read.outcome.issue[0]?.expression?.[0]);
 * for (const right of read.rights) await grantRight(patient, right);
 * ```
 */
export function rightsOfConsent(consent: unknown, reading: ConsentReading): ConsentRead {
  const findings = new ConsentFindings();
  const isActive = checkConsent(consent, reading, findings);
  const provision = fieldOf(consent, 'provision');
  const path = 'Consent.provision';
  if (provision === undefined) {
    if (isActive) findings.refuse(path, 'It must say what is permitted or denied.', 'required');
    return answer(findings, []);
  }
  const tree = readTree(provision, path, reading, findings);
  if (findings.outcome !== undefined) return { outcome: findings.outcome };
  if (!isActive) {
    findings.note('Consent.status', 'A Consent that is not active gives nothing.');
    return answer(findings, []);
  }
  const cases = tree.kind === 'deny' ? permitsWithin(tree, reading, findings) : [];
  if (tree.kind === 'permit') {
    const everything = { from: -Infinity, until: Infinity };
    cases.push(...permitted(tree, { conditions: tree, within: everything }, reading, findings));
  }
  if (cases.length === 0) findings.note(path, 'It permits nothing.');
  return answer(
    findings,
    cases.flatMap((each) => rightsIn(each, reading)),
  );
}

/** A provision with those in it. */
interface Tree extends Conditions {
  readonly kind: ProvisionKind;
  readonly path: string;
  readonly exceptions: readonly Tree[];
}

/** More than anybody writes. */
const MOST_PROVISIONS = 100;

function answer(findings: ConsentFindings, rights: readonly ConsentedRight[]): ConsentRead {
  const { outcome, notes } = findings;
  if (outcome !== undefined) return { outcome };
  const each = new Map(rights.map((right) => [JSON.stringify(right), right]));
  return { rights: [...each.values()], notes };
}

/** Checks what is around the provisions, and tells whether the Consent is in force. */
function checkConsent(
  consent: unknown,
  { handle, patientNames = [] }: ConsentReading,
  findings: ConsentFindings,
): boolean {
  if (fieldOf(consent, 'resourceType') !== 'Consent') {
    findings.refuse('Consent', 'This must be a Consent of FHIR R4.', 'structure');
    return false;
  }
  findings.onlyFields(consent, 'Consent', FIELDS);
  findings.requireWhole(consent, 'Consent');
  const status = fieldOf(consent, 'status');
  if (!STATES.includes(String(status))) {
    findings.refuse('Consent.status', `This must be one of ${STATES.join(', ')}.`, 'value');
  }
  const scopes = findings.values(fieldOf(consent, 'scope'), 'Consent.scope', 'coding');
  if (!scopes.some(([coding]) => isPrivacy(coding))) {
    findings.refuse('Consent.scope', 'Rights come from a Consent of the scope patient-privacy.');
  }
  const patient = fieldOf(consent, 'patient');
  const identifier = fieldOf(patient, 'identifier');
  const namesHandle = fieldOf(identifier, 'system') === MEDSEAL_SYSTEMS.handle;
  const isHandle = namesHandle && fieldOf(identifier, 'value') === handle;
  const reference = fieldOf(patient, 'reference');
  const isNamed = typeof reference === 'string' && patientNames.includes(reference);
  if (namesHandle && !isHandle) {
    // A reference that stands for the patient somewhere else does not speak against it.
    const path = 'Consent.patient.identifier';
    findings.refuse(path, 'This names the chart of another patient.', 'not-found');
  } else if (!isHandle && !isNamed) {
    findings.refuse('Consent.patient', 'This must name the patient who signs.', 'not-found');
  }
  for (const [each, path] of findings.values(consent, 'Consent', 'verification')) {
    if (fieldOf(each, 'verified') !== true) {
      findings.refuse(path, 'A Consent that somebody did not confirm is not carried out.');
    }
  }
  for (const name of ['policy', 'policyRule']) {
    if (fieldOf(consent, name) === undefined) continue;
    findings.note(
      `Consent.${name}`,
      'Nodes enforce the provisions alone, not a policy by its name.',
    );
  }
  return status === 'active';
}

function isPrivacy(coding: unknown): boolean {
  return fieldOf(coding, 'system') === SCOPE && fieldOf(coding, 'code') === 'patient-privacy';
}

const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';
const STATES = ['active', 'draft', 'proposed', 'rejected', 'inactive', 'entered-in-error'];
/** The elements of R4 without those that can turn the meaning around. */
const FIELDS = [
  'resourceType id meta language text contained identifier status scope category patient dateTime',
  'performer organization sourceAttachment sourceReference policy policyRule verification provision',
].flatMap((names) => names.split(' '));

function readTree(
  root: unknown,
  rootPath: string,
  { actors = {} }: ConsentReading,
  findings: ConsentFindings,
): Tree {
  let count = 0;
  const read = (value: unknown, path: string, outer: ProvisionKind | undefined): Tree => {
    count += 1;
    const type = fieldOf(value, 'type');
    if (type !== 'permit' && type !== 'deny') {
      findings.refuse(`${path}.type`, 'This must be permit or deny, in the first provision too.');
    } else if (type === 'deny' && outer === 'deny') {
      findings.refuse(`${path}.type`, 'A provision in a denial is its exception, a permit.');
    }
    const kind = type === 'deny' ? 'deny' : 'permit';
    const inner = findings.values(value, path, 'provision');
    // All is denied by default: a first denial only bounds what its exceptions permit, and is read as narrowly as they are.
    const isBound = outer === undefined && inner.length > 0;
    const conditions = readProvision(value, path, isBound ? 'permit' : kind, actors, findings);
    const isTooMuch = count + inner.length > MOST_PROVISIONS;
    if (isTooMuch) findings.refuse(path, 'There are too many provisions.', 'too-costly');
    const exceptions = isTooMuch ? [] : inner.map(([each, at]) => read(each, at, kind));
    return { ...conditions, kind, path, exceptions };
  };
  return read(root, rootPath, undefined);
}

/** Conditions of a permit, and those that its further permits do not leave. */
interface Permitted {
  readonly conditions: Conditions;
  readonly within: Conditions;
}

/** The cases that the permits in a denial cover, each within the denial's own conditions. */
function permitsWithin(
  denial: Tree,
  reading: ConsentReading,
  findings: ConsentFindings,
): FullConditions[] {
  return denial.exceptions.flatMap((permit) => {
    const conditions = bothConditions<Conditions>(permit, denial);
    return permitted(permit, { conditions, within: denial }, reading, findings);
  });
}

/** The cases that a permit and the further permits in it cover: under these conditions, and without its denials. */
function permitted(
  permit: Tree,
  { conditions, within }: Permitted,
  reading: ConsentReading,
  findings: ConsentFindings,
): FullConditions[] {
  if (!findings.takes(1, permit.path)) return [];
  const full = fullOf(conditions, permit.path, reading, findings);
  const further = permit.exceptions.filter(({ kind }) => kind === 'permit');
  const denials = permit.exceptions.filter(({ kind }) => kind === 'deny');
  let cases = [
    ...(full === undefined ? [] : [full].filter(canBeMet)),
    ...further.flatMap((each) => {
      const own = { conditions: furtherConditions(each, conditions), within };
      return permitted(each, own, reading, findings);
    }),
  ]
    .map((each) => bothConditions(each, within))
    .filter(canBeMet);
  for (const denial of denials) {
    if (!findings.takes(cases.length, denial.path)) return [];
    cases = cases.flatMap((each) => [
      ...withoutConditions(each, denial),
      ...denial.exceptions.flatMap((inner) => {
        const both = bothConditions<Conditions>(each, denial);
        const own = { conditions: bothConditions(both, inner), within: both };
        return permitted(inner, own, reading, findings);
      }),
    ]);
  }
  return cases;
}

/** Fills in what a permit leaves open, always with less than everything, and says so. */
function fullOf(
  { actors, purposes, actions, categories, ...rest }: Conditions,
  path: string,
  { until, everybody = [] }: ConsentReading,
  findings: ConsentFindings,
): FullConditions | undefined {
  const end = Math.min(rest.until, until ?? Infinity);
  if (actors === undefined && everybody.length > 0) {
    findings.note(`${path}.actor`, 'It names nobody: only those whom you name get a right.');
  } else if (actors === undefined) {
    findings.refuse(
      `${path}.actor`,
      'It must name to whom, or you must; no right is for everybody.',
      'required',
    );
  }
  if (purposes === undefined) {
    findings.refuse(`${path}.purpose`, 'It must name what for; a right has a purpose.', 'required');
  }
  if (end === Infinity) {
    findings.refuse(`${path}.period.end`, 'It must have an end; no right is for ever.', 'required');
  }
  const parties = actors ?? (everybody.length > 0 ? everybody : undefined);
  if (parties === undefined || purposes === undefined || end === Infinity) return undefined;
  if (actions === undefined) {
    findings.note(`${path}.action`, 'It names no action: reading alone is given.');
  }
  if (categories === undefined) {
    findings.note(path, 'It names no category: all are given but sensitive records.');
  }
  return {
    ...rest,
    actors: parties,
    purposes,
    actions: actions ?? ['read'],
    categories: categories ?? ORDINARY_CATEGORIES,
    until: end,
  };
}

/** The rights of a case, in whole seconds that lie within it; none if it has passed. */
function rightsIn(each: FullConditions, { at }: ConsentReading): readonly ConsentedRight[] {
  const from = Math.ceil(each.from);
  const until = Math.floor(each.until);
  if (until <= Math.max(from, at)) return [];
  const categories = CATEGORIES.filter((category) => each.categories.includes(category));
  const actions = ACTIONS.filter((action) => each.actions.includes(action));
  return each.actors.flatMap((grantee) =>
    each.purposes.flatMap((purpose) =>
      (each.records ?? [undefined]).map((record) => ({
        grantee,
        categories,
        ...(record !== undefined && { record }),
        actions,
        purpose,
        ...(from > at && { from }),
        until,
      })),
    ),
  );
}
