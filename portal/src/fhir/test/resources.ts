/** The address of a code system. */
export const [LOINC, SNOMED, HL7] = [
  'http://loinc.org',
  'http://snomed.info/sct',
  'http://terminology.hl7.org/CodeSystem',
];

/** A concept with one code. */
export function concept(system: string, code: string, text?: string): Record<string, unknown> {
  return { coding: [{ system, code }], ...(text !== undefined && { text }) };
}

/** A measurement, with whatever else it says. */
export function observation(
  code: string,
  value: number,
  unit: string,
  when: string,
  rest: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: concept(LOINC, code, `Test ${code}`),
    effectiveDateTime: when,
    valueQuantity: { value, unit },
    ...rest,
  };
}
