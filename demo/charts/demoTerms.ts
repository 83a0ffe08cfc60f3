import type { CodeableConcept, Quantity } from '@medplum/fhirtypes';

/** Code systems of the demonstration's bundles. */
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const SYSTEMS = {
  snomed: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  act: `${HL7}/v3-ActCode`,
  observations: `${HL7}/observation-category`,
  interpretation: `${HL7}/v3-ObservationInterpretation`,
  conditionStatus: `${HL7}/condition-clinical`,
  conditionVerified: `${HL7}/condition-ver-status`,
  allergyStatus: `${HL7}/allergyintolerance-clinical`,
  claims: `${HL7}/claim-type`,
  priority: `${HL7}/processpriority`,
} as const;

/** Name of a code system. */
export type DemoSystem = keyof typeof SYSTEMS;

/** A code of a terminology, and what it says. */
export interface Concept {
  readonly code: string;
  readonly display: string;
  /** A name that people use; the display if absent. */
  readonly text?: string;
}

/**
 * Makes a CodeableConcept with its text.
 *
 * @param system - The code system.
 * @param concept - Code and display.
 */
export function demoConcept(system: DemoSystem, { text, ...concept }: Concept): CodeableConcept {
  return { coding: [demoCoding(system, concept)], text: text ?? concept.display };
}

/**
 * Makes a coding.
 *
 * @param system - The code system.
 * @param concept - Code and display.
 */
export function demoCoding(
  system: DemoSystem,
  { code, display }: Concept,
): { system: string; code: string; display: string } {
  return { system: SYSTEMS[system], code, display };
}

/**
 * Makes a quantity in a UCUM unit.
 *
 * @param value - The number.
 * @param code - UCUM code of the unit.
 * @param unit - The unit for people; the code if absent.
 */
export function demoQuantity(value: number, code: string, unit = code): Quantity {
  return { value, unit, system: 'http://unitsofmeasure.org', code };
}
