import type {
  Bundle,
  Encounter,
  Observation,
  ObservationComponent,
  Patient,
  Practitioner,
  Reference,
} from '@medplum/fhirtypes';
import type { Random } from '../../crypto/Random.ts';
import { DemoEntries } from './DemoEntries.ts';
import type { DemoPatient } from './demoPatients.ts';
import { demoCoding, demoConcept, demoQuantity, type Concept } from './demoTerms.ts';
import type { DemoVisit } from './DemoVisit.ts';

/** Options of `makeDemoVisits`. */
export interface DemoVisitsOptions {
  readonly random: Random;
  /** The moment from which the visits' days are counted back, Unix seconds. */
  readonly at: number;
  readonly patient: DemoPatient;
  readonly visits: readonly DemoVisit[];
}

/** Seconds of a day. */
const DAY = 24 * 3600;

/**
 * Makes the record of an invented patient's visits: one valid R4 bundle with all of them.
 *
 * @param options - The same random bytes and options make the same bundle.
 */
export function makeDemoVisits({ random, at, patient, visits }: DemoVisitsOptions): Bundle {
  const entries = new DemoEntries(random);
  const subject = entries.add<Patient>({
    resourceType: 'Patient',
    name: [{ use: 'official', family: patient.family, given: [patient.given] }],
    gender: patient.gender,
    birthDate: patient.birthDate,
  });
  const hospital = entries.add({
    resourceType: 'Organization',
    active: true,
    name: 'Example Hospital',
  });
  const doctor = entries.add<Practitioner>({
    resourceType: 'Practitioner',
    name: [{ family: 'Brandt', given: ['Lena'], prefix: ['Dr.'] }],
  });
  for (const visit of visits) {
    const ended = at - visit.daysAgo * DAY;
    const encounter = entries.add<Encounter>({
      resourceType: 'Encounter',
      status: 'finished',
      class: demoCoding('act', { code: 'AMB', display: 'ambulatory' }),
      subject,
      participant: [{ individual: doctor }],
      serviceProvider: hospital,
      reasonCode: [demoConcept('snomed', visit.reason)],
      period: { start: moment(ended - 25 * 60), end: moment(ended) },
    });
    const seen = { subject, encounter, doctor, ended };
    addFindings(entries, seen, visit);
    addTreatment(entries, seen, visit);
    addMeasured(entries, seen, visit);
    if (visit.bill !== undefined) {
      const insurer = entries.add({ resourceType: 'Organization', name: 'Example Insurance' });
      const coverage = entries.add({
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: subject,
        payor: [insurer],
      });
      entries.add({
        resourceType: 'Claim',
        status: 'active',
        type: demoConcept('claims', { code: 'professional', display: 'Professional' }),
        use: 'claim',
        patient: subject,
        created: moment(ended).slice(0, 10),
        provider: hospital,
        priority: demoConcept('priority', { code: 'normal', display: 'Normal' }),
        insurance: [{ sequence: 1, focal: true, coverage }],
        item: [{ sequence: 1, productOrService: demoConcept('snomed', visit.reason) }],
        total: { value: visit.bill, currency: 'EUR' },
      });
    }
  }
  return { resourceType: 'Bundle', type: 'collection', timestamp: moment(at), entry: entries.list };
}

/** A visit as its findings refer to it. */
interface Seen {
  readonly subject: Reference<Patient>;
  readonly encounter: Reference<Encounter>;
  readonly doctor: Reference<Practitioner>;
  /** Unix seconds. */
  readonly ended: number;
}

/** Diagnoses, allergies and what the doctor concludes. */
function addFindings(
  entries: DemoEntries,
  { subject, encounter, doctor, ended }: Seen,
  visit: DemoVisit,
): void {
  for (const { daysUntilOver, ...found } of visit.conditions ?? []) {
    const isOver = daysUntilOver !== undefined;
    entries.add({
      resourceType: 'Condition',
      clinicalStatus: demoConcept('conditionStatus', isOver ? RESOLVED : ACTIVE),
      verificationStatus: demoConcept('conditionVerified', CONFIRMED),
      code: demoConcept('snomed', found),
      subject,
      encounter,
      onsetDateTime: day(ended),
      ...(isOver && { abatementDateTime: day(ended + daysUntilOver * DAY) }),
      recordedDate: moment(ended),
      recorder: doctor,
    });
  }
  for (const { severe, reaction, ...allergy } of visit.allergies ?? []) {
    entries.add({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: demoConcept('allergyStatus', ACTIVE),
      type: 'allergy',
      criticality: severe ? 'high' : 'low',
      code: demoConcept('snomed', allergy),
      patient: subject,
      encounter,
      recordedDate: moment(ended),
      reaction: [
        {
          manifestation: [demoConcept('snomed', reaction)],
          severity: severe ? 'severe' : 'mild',
        },
      ],
    });
  }
  if (visit.conclusion !== undefined) {
    entries.add({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: demoConcept('loinc', { code: '11506-3', display: 'Progress note' }),
      subject,
      encounter,
      effectiveDateTime: moment(ended),
      performer: [doctor],
      conclusion: visit.conclusion,
    });
  }
}

/** Medicines, vaccines, procedures and plans. */
function addTreatment(
  entries: DemoEntries,
  { subject, encounter, doctor, ended }: Seen,
  visit: DemoVisit,
): void {
  for (const { dose, stopped = false, ...medicine } of visit.medications ?? []) {
    entries.add({
      resourceType: 'MedicationRequest',
      status: stopped ? 'stopped' : 'active',
      intent: 'order',
      medicationCodeableConcept: demoConcept('rxnorm', medicine),
      subject,
      encounter,
      authoredOn: moment(ended),
      requester: doctor,
      dosageInstruction: [{ text: dose }],
    });
  }
  for (const vaccine of visit.immunizations ?? []) {
    entries.add({
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: demoConcept('cvx', vaccine),
      patient: subject,
      encounter,
      occurrenceDateTime: moment(ended),
    });
  }
  for (const procedure of visit.procedures ?? []) {
    entries.add({
      resourceType: 'Procedure',
      status: 'completed',
      code: demoConcept('snomed', procedure),
      subject,
      encounter,
      performedDateTime: moment(ended),
    });
  }
  if (visit.plan !== undefined) {
    entries.add({
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      title: `Plan after the visit of ${day(ended)}`,
      description: visit.plan,
      subject,
      encounter,
      created: moment(ended),
      author: doctor,
    });
  }
}

/** Vital signs. */
function addMeasured(
  entries: DemoEntries,
  { subject, encounter, ended }: Seen,
  { vitals }: DemoVisit,
): void {
  if (vitals === undefined) return;
  const common: Omit<Observation, 'code'> = {
    resourceType: 'Observation',
    status: 'final',
    category: [demoConcept('observations', { code: 'vital-signs', display: 'Vital Signs' })],
    subject,
    encounter,
    effectiveDateTime: moment(ended - 20 * 60),
  };
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '85354-9', display: 'Blood pressure' }),
    component: [
      pressure(SYSTOLIC, vitals.systolic, 139),
      pressure(DIASTOLIC, vitals.diastolic, 89),
    ],
  });
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '8867-4', display: 'Heart rate' }),
    valueQuantity: demoQuantity(vitals.pulse, '/min', 'beats/minute'),
    referenceRange: [
      {
        low: demoQuantity(50, '/min', 'beats/minute'),
        high: demoQuantity(100, '/min', 'beats/minute'),
      },
    ],
  });
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '29463-7', display: 'Body weight' }),
    valueQuantity: demoQuantity(vitals.weight, 'kg'),
  });
  if (vitals.temperature !== undefined) {
    entries.add({
      ...common,
      code: demoConcept('loinc', { code: '8310-5', display: 'Body temperature' }),
      valueQuantity: demoQuantity(vitals.temperature, 'Cel', '°C'),
      referenceRange: [
        { low: demoQuantity(36, 'Cel', '°C'), high: demoQuantity(37.5, 'Cel', '°C') },
      ],
    });
  }
}

/** One of the two values of a blood pressure. */
function pressure({ code, display }: Concept, value: number, high: number): ObservationComponent {
  return {
    code: demoConcept('loinc', { code, display }),
    valueQuantity: demoQuantity(value, 'mm[Hg]', 'mmHg'),
    referenceRange: [{ high: demoQuantity(high, 'mm[Hg]', 'mmHg') }],
  };
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}

function day(at: number): string {
  return moment(at).slice(0, 10);
}

const ACTIVE: Concept = { code: 'active', display: 'Active' };
const RESOLVED: Concept = { code: 'resolved', display: 'Resolved' };
const CONFIRMED: Concept = { code: 'confirmed', display: 'Confirmed' };
const SYSTOLIC: Concept = { code: '8480-6', display: 'Systolic blood pressure' };
const DIASTOLIC: Concept = { code: '8462-4', display: 'Diastolic blood pressure' };
