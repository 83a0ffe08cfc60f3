import type { Bundle, BundleEntry, CodeableConcept, Reference, Resource } from '@medplum/fhirtypes';
import type { Random } from '../../crypto/Random.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Concept, DemoPatient } from './demoPatients.ts';

/** Options of `makeDemoBundle`. */
export interface DemoBundleOptions {
  readonly random: Random;
  /** When the visit ended, in Unix seconds. */
  readonly at: number;
  readonly patient: DemoPatient;
}

/**
 * Makes the record of one invented visit: a small, valid R4 bundle that reaches most categories.
 *
 * @param options - The same random bytes and options make the same bundle.
 */
export function makeDemoBundle({ random, at, patient }: DemoBundleOptions): Bundle {
  const entry: BundleEntry[] = [];
  const add = <T extends Resource>(resource: T): Reference<T> => {
    const fullUrl = `urn:uuid:${uuid(random)}`;
    entry.push({ fullUrl, resource });
    return { reference: fullUrl };
  };
  const ended = new Date(at * 1000).toISOString();
  const began = new Date((at - 20 * 60) * 1000).toISOString();
  const day = ended.slice(0, 10);

  const subject = add({
    resourceType: 'Patient',
    name: [{ use: 'official', family: patient.family, given: [patient.given] }],
    gender: patient.gender,
    birthDate: patient.birthDate,
  });
  const hospital = add({ resourceType: 'Organization', active: true, name: 'Example Hospital' });
  const insurer = add({ resourceType: 'Organization', active: true, name: 'Example Insurance' });
  const doctor = add({
    resourceType: 'Practitioner',
    name: [{ family: 'Inkwell-Example', given: ['Ophelia'], prefix: ['Dr.'] }],
  });
  const encounter = add({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: `${HL7}/v3-ActCode`, code: 'AMB', display: 'ambulatory' },
    subject,
    participant: [{ individual: doctor }],
    serviceProvider: hospital,
    period: { start: began, end: ended },
  });
  const reason = concept(SNOMED, patient.condition);
  const condition = add({
    resourceType: 'Condition',
    clinicalStatus: concept(`${HL7}/condition-clinical`, ACTIVE),
    verificationStatus: concept(`${HL7}/condition-ver-status`, CONFIRMED),
    code: reason,
    subject,
    encounter,
    recordedDate: ended,
  });
  add({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: concept(`${HL7}/allergyintolerance-clinical`, ACTIVE),
    code: concept(SNOMED, { code: '91936005', display: 'Allergy to penicillin' }),
    patient: subject,
    encounter,
  });
  add({
    resourceType: 'Observation',
    status: 'final',
    category: [concept(OBSERVATIONS, { code: 'vital-signs', display: 'Vital Signs' })],
    code: concept(LOINC, { code: '8867-4', display: 'Heart rate' }),
    subject,
    encounter,
    effectiveDateTime: began,
    valueQuantity: { value: 71, unit: 'beats/minute', system: UCUM, code: '/min' },
  });
  const { laboratory } = patient;
  const finding = add({
    resourceType: 'Observation',
    status: 'final',
    category: [concept(OBSERVATIONS, { code: 'laboratory', display: 'Laboratory' })],
    code: concept(LOINC, laboratory),
    subject,
    encounter,
    effectiveDateTime: ended,
    valueQuantity: {
      value: laboratory.value,
      unit: laboratory.unit,
      system: UCUM,
      code: laboratory.unit,
    },
  });
  add({
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: concept(LOINC, laboratory),
    subject,
    encounter,
    effectiveDateTime: ended,
    performer: [hospital],
    result: [finding],
    conclusion: `Agrees with ${patient.condition.display}.`,
  });
  const prescription = add({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: concept(RXNORM, patient.medication),
    subject,
    encounter,
    authoredOn: ended,
    requester: doctor,
    reasonReference: [condition],
    dosageInstruction: [{ text: 'One tablet with the evening meal.' }],
  });
  add({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: concept(CVX, { code: '140', display: 'Influenza, seasonal, injectable' }),
    patient: subject,
    encounter,
    occurrenceDateTime: ended,
  });
  const coverage = add({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: subject,
    payor: [insurer],
    subscriberId: `EXAMPLE-${bytesToHex(random(4)).slice(2).toUpperCase()}`,
  });
  add({
    resourceType: 'Claim',
    status: 'active',
    type: concept(`${HL7}/claim-type`, { code: 'professional', display: 'Professional' }),
    use: 'claim',
    patient: subject,
    created: day,
    provider: hospital,
    priority: concept(`${HL7}/processpriority`, { code: 'normal', display: 'Normal' }),
    prescription,
    insurance: [{ sequence: 1, focal: true, coverage }],
    item: [{ sequence: 1, productOrService: reason, encounter: [encounter] }],
    total: { value: 129.5, currency: 'EUR' },
  });

  return { resourceType: 'Bundle', type: 'collection', timestamp: ended, entry };
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const OBSERVATIONS = `${HL7}/observation-category`;
const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const CVX = 'http://hl7.org/fhir/sid/cvx';
const UCUM = 'http://unitsofmeasure.org';
const ACTIVE = { code: 'active', display: 'Active' };
const CONFIRMED = { code: 'confirmed', display: 'Confirmed' };

function concept(system: string, { code, display }: Concept): CodeableConcept {
  return { coding: [{ system, code, display }], text: display };
}

/** A version 4 UUID (RFC 9562 §5.4). */
function uuid(random: Random): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes)
    .slice(2)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
