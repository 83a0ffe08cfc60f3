import type { Annotation, CodeableConcept, Patient, Reference } from '@medplum/fhirtypes';
import type { Address, Handle } from '../../protocol/ids.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';
import type { TextFormField } from './FormField.ts';

/** The field of a note, which every form has last. */
export const NOTE_FIELD: TextFormField = {
  name: 'note',
  type: 'text',
  longest: 1000,
  lines: true,
  rare: true,
};

/**
 * Refers to the patient of a chart.
 *
 * @param handle - The chart.
 */
export function patientOf(handle: Handle): Reference<Patient> {
  return { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } };
}

/**
 * Refers to a party of the network, such as the author of a form.
 *
 * @param party - Its address.
 */
export function partyReference(party: Address): Pick<Reference, 'identifier'> {
  return { identifier: { system: MEDSEAL_SYSTEMS.party, value: party } };
}

/**
 * Makes a concept of a code of one of HL7's own code systems.
 *
 * @param system - The last part of the system's address, such as `condition-clinical`.
 * @param code - The code.
 */
export function hl7Concept(system: string, code: string): CodeableConcept {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] };
}

/**
 * Makes the note of a resource; nothing without a text.
 *
 * @param text - The author's words.
 */
export function noteOf(text: string | undefined): { note?: Annotation[] } {
  return text === undefined ? {} : { note: [{ text }] };
}

/**
 * The day of a moment in the time zone of this device.
 *
 * @param at - Unix seconds.
 */
export function dayOf(at: number): string {
  const date = new Date(at * 1000);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part, place) => String(part).padStart(place === 0 ? 4 : 2, '0')).join('-');
}
