import type { Bundle } from '@medplum/fhirtypes';
import type { Random } from '../../src/crypto/Random.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { addDemoCast } from './addDemoCast.ts';
import { DemoEntries } from './DemoEntries.ts';
import type { DemoPatient } from './demoPatients.ts';
import { demoCoding, demoConcept, demoQuantity } from './demoTerms.ts';

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
  const entries = new DemoEntries(random);
  const ended = new Date(at * 1000).toISOString();
  const began = new Date((at - 20 * 60) * 1000).toISOString();
  const day = ended.slice(0, 10);

  const { subject, hospital, doctor } = addDemoCast(entries, patient);
  const insurer = entries.add({
    resourceType: 'Organization',
    active: true,
    name: 'Example Insurance',
  });
  const encounter = entries.add({
    resourceType: 'Encounter',
    status: 'finished',
    class: demoCoding('act', { code: 'AMB', display: 'ambulatory' }),
    subject,
    participant: [{ individual: doctor }],
    serviceProvider: hospital,
    period: { start: began, end: ended },
  });
  const reason = demoConcept('snomed', patient.condition);
  const condition = entries.add({
    resourceType: 'Condition',
    clinicalStatus: demoConcept('conditionStatus', ACTIVE),
    verificationStatus: demoConcept('conditionVerified', CONFIRMED),
    code: reason,
    subject,
    encounter,
    recordedDate: ended,
  });
  entries.add({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: demoConcept('allergyStatus', ACTIVE),
    code: demoConcept('snomed', { code: '91936005', display: 'Allergy to penicillin' }),
    patient: subject,
    encounter,
  });
  entries.add({
    resourceType: 'Observation',
    status: 'final',
    category: [demoConcept('observations', { code: 'vital-signs', display: 'Vital Signs' })],
    code: demoConcept('loinc', { code: '8867-4', display: 'Heart rate' }),
    subject,
    encounter,
    effectiveDateTime: began,
    valueQuantity: demoQuantity(71, '/min', 'beats/minute'),
  });
  const { laboratory } = patient;
  const finding = entries.add({
    resourceType: 'Observation',
    status: 'final',
    category: [demoConcept('observations', { code: 'laboratory', display: 'Laboratory' })],
    code: demoConcept('loinc', laboratory),
    subject,
    encounter,
    effectiveDateTime: ended,
    valueQuantity: demoQuantity(laboratory.value, laboratory.unit),
  });
  entries.add({
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: demoConcept('loinc', laboratory),
    subject,
    encounter,
    effectiveDateTime: ended,
    performer: [hospital],
    result: [finding],
    conclusion: `Agrees with ${patient.condition.display}.`,
  });
  const prescription = entries.add({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: demoConcept('rxnorm', patient.medication),
    subject,
    encounter,
    authoredOn: ended,
    requester: doctor,
    reasonReference: [condition],
    dosageInstruction: [{ text: 'One tablet with the evening meal.' }],
  });
  entries.add({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: demoConcept('cvx', { code: '140', display: 'Influenza, seasonal, injectable' }),
    patient: subject,
    encounter,
    occurrenceDateTime: ended,
  });
  const coverage = entries.add({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: subject,
    payor: [insurer],
    subscriberId: `EXAMPLE-${bytesToHex(random(4)).slice(2).toUpperCase()}`,
  });
  entries.add({
    resourceType: 'Claim',
    status: 'active',
    type: demoConcept('claims', { code: 'professional', display: 'Professional' }),
    use: 'claim',
    patient: subject,
    created: day,
    provider: hospital,
    priority: demoConcept('priority', { code: 'normal', display: 'Normal' }),
    prescription,
    insurance: [{ sequence: 1, focal: true, coverage }],
    item: [{ sequence: 1, productOrService: reason, encounter: [encounter] }],
    total: { value: 129.5, currency: 'EUR' },
  });

  return { resourceType: 'Bundle', type: 'collection', timestamp: ended, entry: entries.list };
}

const ACTIVE = { code: 'active', display: 'Active' };
const CONFIRMED = { code: 'confirmed', display: 'Confirmed' };
