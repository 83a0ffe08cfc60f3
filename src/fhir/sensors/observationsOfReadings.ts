import type { Device, Observation, Patient, Quantity, Reference } from '@medplum/fhirtypes';
import type { CurveReading, NumberReading, Reading } from '../../protocol/sensors/Reading.ts';
import { type Holder, keepNumberText, numberTextOf } from '../numberTexts.ts';
import { MDC, mdcCodeOf } from './mdcCodes.ts';

/** Number of readings of a batch that get an Observation, at most; the batch's Binary holds all. */
export const MOST_OBSERVATIONS = 1000;

const UCUM = 'http://unitsofmeasure.org';
const LOINC = 'http://loinc.org';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';
const VITAL_SIGN = 'http://hl7.org/fhir/StructureDefinition/vitalsigns';
const COINCIDENT = 'http://hl7.org/fhir/StructureDefinition/CoincidentTimeStampReference';

/** Facts that all Observations of a batch share. */
export interface ObservedBy {
  /** Reference to the patient. */
  readonly subject: Reference<Patient>;
  /** Reference to the Device. */
  readonly device: Reference<Device>;
  /** Returns the Unix milliseconds of a time in the batch's unit. */
  momentOf(at: number): number;
  /** Reference to the Observation of both clocks; absent if the device knew the time. */
  readonly coincident?: Reference<Observation>;
}

/**
 * FHIR R4 Observations for readings: numbers as vital signs if their code is one, curves as `SampledData`, in the shape
 * of the guide Personal Health Device (PhdRtsaObservation). Each number is written as its device wrote it.
 *
 * @param readings - Readings, from `exactReadings`; the first thousand are taken.
 * @param by - Patient, device and clock.
 */
export function observationsOfReadings(
  readings: readonly Reading[],
  by: ObservedBy,
): readonly Observation[] {
  return readings.slice(0, MOST_OBSERVATIONS).map((reading) => {
    const { subject, device, coincident } = by;
    const { at, code } = reading;
    const mdc = mdcCodeOf(code);
    const loinc = mdc?.loinc ?? [];
    const vital = loinc.length > 0 && 'value' in reading;
    return {
      resourceType: 'Observation',
      ...(vital && { meta: { profile: [VITAL_SIGN] } }),
      ...(coincident && { extension: [{ url: COINCIDENT, valueReference: coincident }] }),
      status: 'final',
      ...(vital && { category: [{ coding: [{ system: CATEGORIES, code: 'vital-signs' }] }] }),
      code: {
        coding: [
          { system: MDC, code: String(code), ...(mdc && { display: mdc.id }) },
          ...loinc.map((each) => ({ system: LOINC, code: each })),
        ],
        text: mdc?.text ?? `MDC ${code}`,
      },
      subject,
      effectiveDateTime: new Date(by.momentOf(at)).toISOString(),
      ...('value' in reading ? quantityOf(reading) : samplesOf(reading)),
      device,
    };
  });
}

/**
 * A FHIR R4 Observation of two clocks at one moment (PhdCoincidentTimeStampObservation), for a device that counts from
 * its start.
 *
 * @param times - Both times in milliseconds: since the device's start, and of the gateway as Unix time.
 * @param by - Patient and device.
 */
export function coincidentTime(
  times: { readonly device: number; readonly gateway: number },
  { subject, device }: Pick<ObservedBy, 'subject' | 'device'>,
): Observation {
  const display = 'MDC_ATTR_TIME_REL';
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: MDC, code: '67983', display }], text: 'Time since the start' },
    subject,
    effectiveDateTime: new Date(times.gateway).toISOString(),
    valueQuantity: { value: times.device, unit: 'ms', system: UCUM, code: 'ms' },
    device,
  };
}

function quantityOf(reading: NumberReading): Pick<Observation, 'valueQuantity'> {
  const mdc = mdcCodeOf(reading.code);
  const unit = mdc && { unit: mdc.unitText || mdc.unit, system: UCUM, code: mdc.unit };
  const valueQuantity: Quantity = { value: reading.value, ...unit };
  copyText(reading, 'value', valueQuantity);
  return { valueQuantity };
}

function samplesOf(reading: CurveReading): Pick<Observation, 'valueSampledData'> {
  const { period, factor, data, origin: value = 0 } = reading;
  const mdc = mdcCodeOf(reading.code);
  const origin: Quantity = { value, ...(mdc && { unit: mdc.unit, system: UCUM, code: mdc.unit }) };
  const texts = data.map((_, place) => numberTextOf(data as unknown as Holder, String(place)));
  const sampled = { origin, period, factor, dimensions: 1, data: texts.join(' ') };
  copyText(reading, 'period', sampled);
  copyText(reading, 'factor', sampled);
  copyText(reading, 'origin', origin, 'value');
  return { valueSampledData: sampled };
}

/** Lets a number be written as it was written elsewhere. */
function copyText(from: object, name: string, to: object, nameThere = name): void {
  const text = numberTextOf(from as Holder, name);
  if (text !== undefined) keepNumberText(to as Holder, nameThere, text);
}
