import type { DetectedIssue, Dosage, MedicationRequest } from '@medplum/fhirtypes';
import type { Address, Handle } from '../protocol/ids.ts';
import { dosageOf } from './dose/dosageOf.ts';
import { requireDose } from './dose/readDose.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import type { FormValues } from './forms/FormField.ts';
import type { OrderConflict } from './orders/conflictsOf.ts';

/** Medicine, amounts and time of a prescription. */
export interface MedicineOrdered {
  /** The medicine in words, with its strength and form; 96 characters at most. */
  readonly medicine: string;
  /** Code of the medicine, such as one of ATC or RxNorm. */
  readonly code?: { readonly system: string; readonly code: string };
  /** Unit that amounts are counted in, such as `tablet`; 96 characters at most. */
  readonly unit: string;
  /** Directions for the patient, 1,000 characters at most; with a structured dose those beyond it, or empty. */
  readonly dosage: string;
  /** Structured dose, as texts: `DOSE_FIELDS` of `medseal/fhir` says what each takes. */
  readonly dose?: FormValues;
  /** Amount of one fill, a whole number of units. */
  readonly amount: number;
  /** Fills in all: the first and the repeats, 1 to 255. */
  readonly fills: number;
  /** Days from the beginning of one fill to that of the next, at least; 0 if all may be dispensed at once. */
  readonly interval: number;
  /** First second at which it may be dispensed. */
  readonly from: number;
  /** First second at which it no longer may. */
  readonly until: number;
}

/** Conflicts that a prescriber overrode by signing, and why. */
export interface Overrides {
  readonly kinds: readonly OrderConflict['kind'][];
  /** In the prescriber's words, 1 to 200 characters. */
  readonly reason: string;
}

/** A prescription as its FHIR resource tells of it. */
export interface MedicineRequested extends MedicineOrdered {
  readonly handle: Handle;
  readonly prescriber: Address;
  /** When it was written, Unix seconds. */
  readonly at: number;
  /** Absent if nothing spoke against it. */
  readonly overrides?: Overrides;
}

/** HL7's codes for what may speak against an order. */
const ISSUES = { allergy: 'ALGY', medicine: 'DUPTHPY', notice: 'DRG' } as const;

/**
 * A FHIR R4 MedicationRequest with what a pharmacist needs, and nothing else of the chart: of an override it says the kind of
 * conflict and the reason, not which allergy or medicine it was.
 *
 * @param requested - Medicine, amounts, time, patient and prescriber.
 */
export function makeMedicationRequest(requested: MedicineRequested): MedicationRequest {
  const { medicine, code, unit, amount, fills, interval, from, until } = requested;
  const issues = issuesOf(requested.overrides);
  return {
    resourceType: 'MedicationRequest',
    ...(issues.length > 0 && {
      contained: issues,
      detectedIssue: issues.map(({ id }) => ({ reference: `#${id}` })),
    }),
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { ...(code && { coding: [{ ...code }] }), text: medicine },
    subject: { identifier: { system: 'urn:medseal:handle', value: requested.handle } },
    authoredOn: moment(requested.at),
    requester: { identifier: { system: 'urn:medseal:party', value: requested.prescriber } },
    dosageInstruction: [dosageOrdered(requested)],
    dispenseRequest: {
      // FHIR's period includes its end.
      validityPeriod: { start: moment(from), end: moment(until - 1) },
      numberOfRepeatsAllowed: fills - 1,
      quantity: { value: amount, unit },
      ...(interval > 0 && {
        dispenseInterval: {
          value: interval,
          unit: 'days',
          system: 'http://unitsofmeasure.org',
          code: 'd',
        },
      }),
    },
  };
}

/**
 * Makes the directions of a prescription.
 *
 * @param ordered - Its dose and words.
 * @throws MedsealError `ARGUMENT_INVALID` for a structured dose with a fault.
 */
export function dosageOrdered({ dosage, dose }: Pick<MedicineOrdered, 'dosage' | 'dose'>): Dosage {
  return dose === undefined ? { text: dosage } : dosageOf(requireDose(dose), dosage.trim());
}

function issuesOf(overrides: Overrides | undefined): DetectedIssue[] {
  return (overrides?.kinds ?? []).map((kind) => ({
    resourceType: 'DetectedIssue',
    id: kind,
    status: 'final',
    code: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: ISSUES[kind] }],
    },
    mitigation: [{ action: { text: overrides?.reason ?? '' } }],
  }));
}

/**
 * Returns why a prescriber signed an order despite what spoke against it; undefined if nothing did.
 *
 * @param request - The MedicationRequest, not trusted.
 */
export function overrideIn(request: unknown): string | undefined {
  for (const issue of listOf(fieldOf(request, 'contained')).slice(0, 3)) {
    if (fieldOf(issue, 'resourceType') !== 'DetectedIssue') continue;
    const [mitigation] = listOf(fieldOf(issue, 'mitigation'));
    const text = fieldOf(fieldOf(mitigation, 'action'), 'text');
    if (typeof text === 'string') return text;
  }
  return undefined;
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}
