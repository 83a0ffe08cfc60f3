import type { OurWord, FhirWord } from './Said.ts';

/** LOINC codes of the vital signs that everybody measures, and what they are called. */
const VITALS: Readonly<Record<string, FhirWord>> = {
  'http://loinc.org|85354-9': 'fhir.vital_bloodPressure',
  'http://loinc.org|55284-4': 'fhir.vital_bloodPressure',
  'http://loinc.org|8480-6': 'fhir.vital_systolic',
  'http://loinc.org|8462-4': 'fhir.vital_diastolic',
  'http://loinc.org|8867-4': 'fhir.vital_heartRate',
  'http://loinc.org|9279-1': 'fhir.vital_breathing',
  'http://loinc.org|8310-5': 'fhir.vital_temperature',
  'http://loinc.org|29463-7': 'fhir.vital_weight',
  'http://loinc.org|8302-2': 'fhir.vital_height',
  'http://loinc.org|39156-5': 'fhir.vital_bmi',
  'http://loinc.org|59408-5': 'fhir.vital_oxygen',
  'http://loinc.org|2708-6': 'fhir.vital_oxygen',
};

/**
 * The name of a vital sign in the person's language.
 *
 * @param code - As `codeOf` gives it.
 * @returns Undefined for anything else, which is called what its author called it.
 */
export function vitalName(code: string): OurWord | undefined {
  const word = Object.hasOwn(VITALS, code) ? VITALS[code] : undefined;
  return word && { word };
}
