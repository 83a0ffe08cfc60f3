import type { Encounter, Patient, Practitioner, Reference } from '@medplum/fhirtypes';

/** A visit as its findings refer to it. */
export interface DemoSeen {
  readonly subject: Reference<Patient>;
  readonly encounter: Reference<Encounter>;
  readonly doctor: Reference<Practitioner>;
  /** Unix seconds. */
  readonly ended: number;
}

/** Seconds of a day. */
export const DAY = 24 * 3600;

/**
 * Writes a moment as FHIR does.
 *
 * @param at - Unix seconds.
 */
export function demoMoment(at: number): string {
  return new Date(at * 1000).toISOString();
}

/**
 * Writes the day of a moment as FHIR does.
 *
 * @param at - Unix seconds.
 */
export function demoDay(at: number): string {
  return demoMoment(at).slice(0, 10);
}
