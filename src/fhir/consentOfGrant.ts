import type { Coding, Consent, ConsentProvision } from '@medplum/fhirtypes';
import { ZERO32, type Bytes32, type Organisation } from '../protocol/ids.ts';
import type { Grant } from '../protocol/struct/requests.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** A grant to be written as a Consent. */
export interface GrantToTell {
  readonly grant: Grant;
  readonly digest: Bytes32;
  /** True if it gives something now or will: the Consent is active then, and otherwise inactive. */
  readonly holds: boolean;
  /** Organisation that keeps the chart for the patient. */
  readonly organisation: Organisation;
}

/**
 * Writes a grant as a FHIR R4 Consent, which `rightsOfConsent` reads as the same right again. A right to read takes the
 * form of IHE's Privacy Consent on FHIR (advanced: it has labels); that form has no actions, so a right to add or amend
 * is a Consent of R4 alone. The grant is what is signed and enforced; the Consent tells of it.
 *
 * @param told - Opening of the grant, its digest, and whether it holds.
 */
export function consentOfGrant({ grant, digest, holds, organisation }: GrantToTell): Consent {
  const { handle, terms, deadline } = grant;
  const isRead = terms.read && !terms.add && !terms.amend;
  const patient = named(MEDSEAL_SYSTEMS.handle, handle);
  return {
    resourceType: 'Consent',
    ...(isRead && { meta: { profile: [ADVANCED] } }),
    identifier: [{ system: MEDSEAL_SYSTEMS.grant, value: digest }],
    status: holds ? 'active' : 'inactive',
    scope: concept(`${HL7}/consentscope`, 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0')],
    patient,
    // When it was signed is not known to the second: not after either of these.
    dateTime: moment(Math.min(terms.from, deadline)),
    performer: [patient],
    organization: [named(MEDSEAL_SYSTEMS.organisation, organisation)],
    sourceReference: named(MEDSEAL_SYSTEMS.grant, digest),
    policy: [{ uri: POLICY }],
    provision: provisionOf(grant, isRead),
  };
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const ADVANCED = 'https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentAdvanced';
/** Everything is denied but what a grant permits. */
const POLICY = 'urn:medseal:policy:denied-by-default';

function provisionOf({ terms }: Grant, isRead: boolean): ConsentProvision {
  const { read, add, amend } = terms;
  const actions = [
    ...(read ? ['access'] : []),
    ...(add ? ['collect'] : []),
    ...(amend ? ['correct'] : []),
  ];
  return {
    type: 'permit',
    // The last second at which it holds: a period contains its end.
    period: { start: moment(terms.from), end: moment(terms.until - 1) },
    actor: [
      {
        role: concept(`${HL7}/v3-ParticipationType`, 'IRCP'),
        reference: named(MEDSEAL_SYSTEMS.party, terms.grantee),
      },
    ],
    ...(!isRead && { action: actions.map((code) => concept(`${HL7}/consentaction`, code)) }),
    securityLabel: terms.categories.map((code): Coding => ({
      system: MEDSEAL_SYSTEMS.category,
      code,
    })),
    purpose: [{ system: `${HL7}/v3-ActReason`, code: terms.purpose }],
    ...(terms.record !== ZERO32 && {
      data: [{ meaning: 'instance', reference: named(MEDSEAL_SYSTEMS.record, terms.record) }],
    }),
  };
}

function named(system: string, value: string): { readonly identifier: Coded } {
  return { identifier: { system, value } };
}

interface Coded {
  readonly system: string;
  readonly value: string;
}

function concept(system: string, code: string): { readonly coding: Coding[] } {
  return { coding: [{ system, code }] };
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}
