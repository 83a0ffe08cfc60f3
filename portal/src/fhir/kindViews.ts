import type { FhirWord } from './Said.ts';

/** The places in which a kind of resource keeps what people read of it. */
export interface KindView {
  /** Paths of its title; the first that says something counts. */
  readonly title: readonly string[];
  /** Paths of its date or period; the first that is there counts. */
  readonly when: readonly string[];
  /** The facts that are told of it: our word, then the paths of the values. */
  readonly facts: readonly (readonly [FhirWord, ...string[]])[];
}

const NOTE = ['fhir.note', 'note'] as const;
const STATUS = ['fhir.status', 'status'] as const;
const REASON = ['fhir.reason', 'reasonCode', 'reasonReference'] as const;
const CATEGORY = ['fhir.category', 'category'] as const;
const PERFORMER = ['fhir.performer', 'performer.actor', 'performer'] as const;
const ENCOUNTER = ['fhir.encounter', 'encounter', 'context.encounter', 'context'] as const;
const DOSE = ['fhir.dose', 'dosageInstruction', 'dosage'] as const;
const MEDICINE = ['medicationCodeableConcept', 'medicationReference'] as const;
const BODY_SITE = ['fhir.bodySite', 'bodySite'] as const;
const INSURER = ['fhir.insurer', 'insurer', 'payor', 'insurance.coverage'] as const;
const PROVIDER = ['fhir.provider', 'provider'] as const;
const BILL: KindView = {
  title: ['item.productOrService', 'type'],
  when: ['billablePeriod', 'created'],
  facts: [
    STATUS,
    ['fhir.use', 'use'],
    ['fhir.type', 'type'],
    ['fhir.outcome', 'outcome', 'disposition'],
    PROVIDER,
    INSURER,
    ['fhir.diagnosis', 'diagnosis.diagnosis[x]'],
    ['fhir.items', 'item.productOrService'],
    ['fhir.total', 'total.amount', 'total'],
    ['fhir.paid', 'payment.amount'],
    ['fhir.created', 'created'],
  ],
};

/** The kinds of FHIR R4 that have a view of their own; any other is told field by field. */
export const KIND_VIEWS: Readonly<Record<string, KindView>> = {
  Patient: {
    title: ['name'],
    when: [],
    facts: [
      ['fhir.born', 'birthDate'],
      ['fhir.sex', 'gender'],
      ['fhir.died', 'deceased[x]'],
      ['fhir.address', 'address'],
      ['fhir.contact', 'telecom'],
      ['fhir.language', 'communication.language'],
      ['fhir.maritalStatus', 'maritalStatus'],
      ['fhir.identifier', 'identifier.value'],
    ],
  },
  Provenance: {
    title: ['activity'],
    when: ['recorded'],
    facts: [
      ['fhir.performer', 'agent.who'],
      ['fhir.writtenAt', 'entity.agent.onBehalfOf'],
      ['fhir.reason', 'reason'],
    ],
  },
  Practitioner: {
    title: ['name'],
    when: [],
    facts: [
      ['fhir.qualification', 'qualification.code'],
      ['fhir.contact', 'telecom'],
    ],
  },
  Organization: {
    title: ['name'],
    when: [],
    facts: [
      ['fhir.type', 'type'],
      ['fhir.address', 'address'],
      ['fhir.contact', 'telecom'],
    ],
  },
  Condition: {
    title: ['code'],
    when: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
    facts: [
      ['fhir.status', 'clinicalStatus'],
      ['fhir.certainty', 'verificationStatus'],
      ['fhir.severity', 'severity'],
      ['fhir.began', 'onset[x]'],
      ['fhir.ended', 'abatement[x]'],
      BODY_SITE,
      ['fhir.stage', 'stage.summary'],
      CATEGORY,
      ['fhir.recorded', 'recordedDate'],
      ['fhir.author', 'recorder', 'asserter'],
      ENCOUNTER,
      NOTE,
    ],
  },
  AllergyIntolerance: {
    title: ['code', 'reaction.substance'],
    when: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
    facts: [
      ['fhir.status', 'clinicalStatus'],
      ['fhir.certainty', 'verificationStatus'],
      ['fhir.criticality', 'criticality'],
      ['fhir.reactions', 'reaction.manifestation'],
      ['fhir.severity', 'reaction.severity'],
      ['fhir.type', 'type'],
      CATEGORY,
      ['fhir.began', 'onset[x]'],
      ['fhir.lastTime', 'lastOccurrence'],
      ['fhir.recorded', 'recordedDate'],
      ['fhir.author', 'recorder', 'asserter'],
      NOTE,
    ],
  },
  Medication: {
    title: ['code'],
    when: [],
    facts: [
      ['fhir.form', 'form'],
      ['fhir.amount', 'amount'],
    ],
  },
  MedicationRequest: {
    title: MEDICINE,
    when: ['authoredOn'],
    facts: [
      STATUS,
      DOSE,
      REASON,
      ['fhir.statusReason', 'statusReason'],
      ['fhir.doNotPerform', 'doNotPerform'],
      ['fhir.priority', 'priority'],
      ['fhir.intent', 'intent'],
      ['fhir.prescribed', 'authoredOn'],
      ['fhir.author', 'requester'],
      ['fhir.supply', 'dispenseRequest.quantity', 'dispenseRequest.expectedSupplyDuration'],
      ['fhir.validFor', 'dispenseRequest.validityPeriod'],
      CATEGORY,
      ENCOUNTER,
      NOTE,
    ],
  },
  MedicationStatement: {
    title: MEDICINE,
    when: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
    facts: [
      STATUS,
      DOSE,
      ['fhir.taken', 'effective[x]'],
      REASON,
      ['fhir.statusReason', 'statusReason'],
      ['fhir.author', 'informationSource'],
      NOTE,
    ],
  },
  MedicationAdministration: {
    title: MEDICINE,
    when: ['effectiveDateTime', 'effectivePeriod'],
    facts: [STATUS, DOSE, ['fhir.given', 'effective[x]'], PERFORMER, REASON, NOTE],
  },
  MedicationDispense: {
    title: MEDICINE,
    when: ['whenHandedOver', 'whenPrepared'],
    facts: [
      STATUS,
      DOSE,
      ['fhir.amount', 'quantity'],
      ['fhir.supply', 'daysSupply'],
      PERFORMER,
      NOTE,
    ],
  },
  Observation: {
    title: ['code'],
    when: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
    facts: [
      ['fhir.value', 'value[x]'],
      ['fhir.interpretation', 'interpretation'],
      ['fhir.range', 'referenceRange'],
      ['fhir.absent', 'dataAbsentReason'],
      STATUS,
      CATEGORY,
      BODY_SITE,
      ['fhir.method', 'method'],
      ['fhir.specimen', 'specimen'],
      ['fhir.measured', 'effective[x]'],
      ['fhir.issued', 'issued'],
      PERFORMER,
      ENCOUNTER,
      NOTE,
    ],
  },
  DiagnosticReport: {
    title: ['code'],
    when: ['effectiveDateTime', 'effectivePeriod', 'issued'],
    facts: [
      ['fhir.conclusion', 'conclusion', 'conclusionCode'],
      ['fhir.results', 'result'],
      STATUS,
      CATEGORY,
      PERFORMER,
      ['fhir.specimen', 'specimen'],
      ['fhir.issued', 'issued'],
      ['fhir.files', 'presentedForm'],
      ENCOUNTER,
    ],
  },
  DocumentReference: {
    title: ['content.attachment.title', 'description', 'type'],
    when: ['date', 'context.period', 'content.attachment.creation'],
    facts: [
      ['fhir.type', 'type'],
      ['fhir.files', 'content.attachment'],
      STATUS,
      ['fhir.author', 'author'],
      ['fhir.description', 'description'],
      CATEGORY,
    ],
  },
  Encounter: {
    title: ['type', 'serviceType', 'class'],
    when: ['period'],
    facts: [
      STATUS,
      ['fhir.class', 'class'],
      REASON,
      ['fhir.diagnosis', 'diagnosis.condition'],
      ['fhir.period', 'period'],
      ['fhir.participants', 'participant.individual'],
      ['fhir.place', 'location.location', 'serviceProvider'],
      ['fhir.discharge', 'hospitalization.dischargeDisposition'],
    ],
  },
  Procedure: {
    title: ['code'],
    when: ['performedDateTime', 'performedPeriod'],
    facts: [
      STATUS,
      ['fhir.performed', 'performed[x]'],
      REASON,
      BODY_SITE,
      ['fhir.outcome', 'outcome'],
      ['fhir.complication', 'complication'],
      PERFORMER,
      CATEGORY,
      ENCOUNTER,
      NOTE,
    ],
  },
  Immunization: {
    title: ['vaccineCode'],
    when: ['occurrenceDateTime'],
    facts: [
      STATUS,
      ['fhir.given', 'occurrence[x]'],
      ['fhir.protects', 'protocolApplied.targetDisease'],
      ['fhir.doseNumber', 'protocolApplied.doseNumber[x]'],
      ['fhir.lot', 'lotNumber'],
      ['fhir.manufacturer', 'manufacturer'],
      ['fhir.bodySite', 'site'],
      PERFORMER,
      ['fhir.reactions', 'reaction.detail'],
      ['fhir.statusReason', 'statusReason'],
      ENCOUNTER,
      NOTE,
    ],
  },
  CarePlan: {
    title: ['title', 'category', 'description'],
    when: ['period', 'created'],
    facts: [
      STATUS,
      ['fhir.period', 'period'],
      [
        'fhir.activities',
        'activity.detail.code',
        'activity.detail.description',
        'activity.reference',
      ],
      ['fhir.goals', 'goal'],
      ['fhir.reason', 'addresses'],
      ['fhir.author', 'author'],
      ['fhir.description', 'description'],
      ENCOUNTER,
      NOTE,
    ],
  },
  Goal: {
    title: ['description'],
    when: ['startDate', 'statusDate'],
    facts: [
      ['fhir.status', 'lifecycleStatus'],
      ['fhir.achievement', 'achievementStatus'],
      ['fhir.began', 'start[x]'],
      ['fhir.due', 'target.due[x]'],
      NOTE,
    ],
  },
  Claim: BILL,
  ExplanationOfBenefit: BILL,
  ClaimResponse: BILL,
  Coverage: {
    title: ['type', 'payor'],
    when: ['period'],
    facts: [STATUS, INSURER, ['fhir.identifier', 'subscriberId'], ['fhir.period', 'period']],
  },
  ImagingStudy: {
    title: ['description', 'procedureCode', 'series.description', 'series.modality'],
    when: ['started'],
    facts: [
      STATUS,
      ['fhir.method', 'modality', 'series.modality'],
      ['fhir.bodySite', 'series.bodySite'],
      ['fhir.images', 'numberOfInstances'],
      REASON,
      ENCOUNTER,
      NOTE,
    ],
  },
  ServiceRequest: {
    title: ['code'],
    when: ['authoredOn', 'occurrenceDateTime'],
    facts: [
      STATUS,
      ['fhir.intent', 'intent'],
      ['fhir.priority', 'priority'],
      REASON,
      ['fhir.author', 'requester'],
      NOTE,
    ],
  },
};
