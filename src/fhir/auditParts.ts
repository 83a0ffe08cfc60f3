import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from '@medplum/fhirtypes';
import type { Address, Bytes32, Handle, LogName, Organisation } from '../protocol/ids.ts';
import type { Category, Purpose } from '../protocol/vocabulary.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** A reference by an identifier, or by words alone: what it names is not a resource anywhere. */
export interface NamedReference {
  readonly identifier?: { readonly system: string; readonly value: string };
  readonly display?: string;
}

/** Kinds of access to which IHE's Basic Audit Log Patterns give a form. */
export type AuditKind = 'Create' | 'Read' | 'Update' | 'Delete' | 'Query';

/** Facts of an accepted access to a patient's data. */
export interface Accessed {
  readonly kind: AuditKind;
  /** Code of restful-interaction. */
  readonly interaction: string;
  /** Hash that the AuditEvent is named after. */
  readonly id: Bytes32;
  /** Unix seconds. */
  readonly at: number;
  readonly user: Address;
  readonly handle: Handle;
  readonly purpose: Purpose;
  readonly server: NamedReference;
  /** Log that has the entry, or where else it is recorded. */
  readonly site: LogName;
  /** Organisation of the party, if it is known. */
  readonly organisation?: Organisation;
  /** The data, and whatever else the access was about. */
  readonly entities: readonly AuditEventEntity[];
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const BALP = 'https://profiles.ihe.net/ITI/BALP';
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';

/**
 * Writes an accepted access as an AuditEvent of IHE's Basic Audit Log Patterns.
 *
 * @param accessed - Facts of the access.
 */
export function restEvent(accessed: Accessed): AuditEvent {
  const { kind, interaction, id, at, user, handle, purpose, server, site } = accessed;
  const { organisation, entities } = accessed;
  const [client, serving] = ROLES_OF[kind];
  const isReading = kind === 'Read' || kind === 'Query';
  return {
    ...head(id, at, `Patient${kind}`),
    type: { system: `${HL7}/audit-event-type`, code: 'rest' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: interaction }],
    action: ACTION_OF[kind],
    outcome: '0',
    agent: [
      { type: { coding: [client] }, requestor: false, ...deviceOf(user) },
      { type: { coding: [serving] }, requestor: false, who: server, network: unrecorded() },
      userAgent(user, purpose, isReading ? 'IRCP' : 'AUT'),
      ...(organisation === undefined
        ? []
        : [organisationAgent(identified(MEDSEAL_SYSTEMS.organisation, organisation))]),
    ],
    source: sourceOf(server, site),
    entity: [...entities, patientEntity(handle)],
  };
}

/**
 * Writes a refusal as an AuditEvent of an authorization decision by consent.
 *
 * @param refused - Facts of the request, the reason, the party's organisation, and the grant that it relied on.
 */
export function refusalEvent(
  refused: Omit<Accessed, 'kind' | 'interaction' | 'entities'> & {
    readonly reason: string;
    readonly grant?: Bytes32;
  },
): AuditEvent {
  const { id, at, user, handle, purpose, server, site, reason, organisation, grant } = refused;
  const userorg =
    organisation === undefined
      ? { display: 'unknown' }
      : identified(MEDSEAL_SYSTEMS.organisation, organisation);
  const consent =
    grant === undefined ? { display: 'none' } : identified(MEDSEAL_SYSTEMS.grant, grant);
  return {
    ...head(id, at, 'AuthZconsent'),
    type: { system: DCM, code: '110113' },
    subtype: [{ system: `${BALP}/CodeSystem/AuthZsubType`, code: 'AuthZ-Consent' }],
    action: 'E',
    outcome: '8',
    outcomeDesc: reason,
    agent: [
      { type: { coding: [{ system: DCM, code: '110150' }] }, requestor: false, ...deviceOf(user) },
      userAgent(user, purpose, 'IRCP'),
      organisationAgent(userorg),
      { type: concept('extra-security-role-type', 'authserver'), who: server, requestor: false },
    ],
    source: sourceOf(server, site),
    entity: [
      patientEntity(handle),
      { type: { system: 'http://hl7.org/fhir/resource-types', code: 'Consent' }, what: consent },
    ],
  };
}

/** Kind and origin of a record version. */
export interface Origin {
  readonly category?: Category | undefined;
  readonly author?: Address | undefined;
  /** Organisation of the author, if it is known. */
  readonly from?: Organisation | undefined;
}

/** More of a view of a record. */
export interface ViewTold extends Origin {
  /** Until when the party's device may open it again, Unix seconds. */
  readonly keep?: number | undefined;
  /** Organisations that say that they released its key. */
  readonly released?: readonly Organisation[] | undefined;
}

/**
 * The data that an access is about.
 *
 * @param what - Reference to it.
 * @param version - Its version, if it has one.
 * @param told - More of a view of it.
 */
export function dataEntity(
  what: NamedReference,
  version?: number,
  told: ViewTold = {},
): AuditEventEntity {
  const { keep, released = [], category, author, from } = told;
  const detail = [
    ...(version === undefined ? [] : [{ type: 'version', valueString: String(version) }]),
    ...(category === undefined ? [] : [{ type: 'category', valueString: category }]),
    ...(author === undefined ? [] : [{ type: 'written by', valueString: author }]),
    ...(from === undefined ? [] : [{ type: 'written at', valueString: from }]),
    ...(keep === undefined
      ? []
      : [{ type: 'kept-until', valueString: new Date(keep * 1000).toISOString() }]),
    ...(released.length === 0 ? [] : [{ type: 'released by', valueString: released.join(', ') }]),
  ];
  return {
    what,
    type: OBJECT,
    role: { system: `${HL7}/object-role`, code: '4' },
    ...(detail.length > 0 && { detail }),
  };
}

/**
 * The question that a query asks.
 *
 * @param text - Raw request.
 */
export function queryEntity(text: string): AuditEventEntity {
  // Latin letters alone stand in a request.
  return { type: OBJECT, role: { system: `${HL7}/object-role`, code: '24' }, query: btoa(text) };
}

/**
 * Name under which the access can be found again.
 *
 * @param system - A system of `MEDSEAL_SYSTEMS`.
 * @param value - The name.
 */
export function transactionEntity(system: string, value: string): AuditEventEntity {
  return {
    type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
    what: identified(system, value),
  };
}

/**
 * A reference by an identifier alone.
 *
 * @param system - A system of `MEDSEAL_SYSTEMS`.
 * @param value - The value.
 */
export function identified(system: string, value: string): NamedReference {
  return { identifier: { system, value } };
}

const OBJECT: Coding = { system: `${HL7}/audit-entity-type`, code: '2' };
const SOURCE: Coding = { system: DCM, code: '110153' };
const DESTINATION: Coding = { system: DCM, code: '110152' };
/** The roles of client and server: data goes from the source to the destination. */
const ROLES_OF: Readonly<Record<AuditKind, readonly [Coding, Coding]>> = {
  Create: [SOURCE, DESTINATION],
  Update: [SOURCE, DESTINATION],
  Read: [DESTINATION, SOURCE],
  Query: [SOURCE, DESTINATION],
  Delete: [
    { system: DCM, code: '110150' },
    { system: `${HL7}/provenance-participant-type`, code: 'custodian' },
  ],
};
const ACTION_OF = { Create: 'C', Read: 'R', Update: 'U', Delete: 'D', Query: 'E' } as const;

function head(
  id: Bytes32,
  at: number,
  profile: string,
): Pick<AuditEvent, 'resourceType' | 'id' | 'meta' | 'recorded'> {
  return {
    resourceType: 'AuditEvent',
    id: id.slice(2),
    meta: { profile: [`${BALP}/StructureDefinition/IHE.BasicAudit.${profile}`] },
    recorded: new Date(at * 1000).toISOString(),
  };
}

/** The party's device; nodes keep no network addresses of visitors. */
function deviceOf(user: Address): Pick<AuditEventAgent, 'who' | 'network'> {
  return {
    who: { ...identified(MEDSEAL_SYSTEMS.party, user), display: 'a device of the party' },
    network: unrecorded(),
  };
}

function unrecorded(): NonNullable<AuditEventAgent['network']> {
  const url = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
  return { extension: [{ url, valueCode: 'not-asked' }] };
}

function userAgent(user: Address, purpose: Purpose, type: string): AuditEventAgent {
  return {
    type: concept('v3-ParticipationType', type),
    who: identified(MEDSEAL_SYSTEMS.party, user),
    requestor: true,
    purposeOfUse: [concept('v3-ActReason', purpose)],
  };
}

/** The organisation of the party that acted. */
function organisationAgent(who: NamedReference): AuditEventAgent {
  return { type: concept('v3-RoleClass', 'PROV'), who, requestor: false };
}

function patientEntity(handle: Handle): AuditEventEntity {
  return {
    what: { ...identified(MEDSEAL_SYSTEMS.handle, handle), type: 'Patient' },
    type: { system: `${HL7}/audit-entity-type`, code: '1' },
    role: { system: `${HL7}/object-role`, code: '1' },
  };
}

function sourceOf(observer: NamedReference, site: LogName): AuditEvent['source'] {
  return { site, observer: observer };
}

function concept(system: string, code: string): { readonly coding: Coding[] } {
  return { coding: [{ system: `${HL7}/${system}`, code }] };
}
