import { xmlRoot } from './xmlRoot.ts';

/** Format of FHIR. */
export type FhirForm = 'JSON' | 'XML';

/**
 * Tells whether a text looks like FHIR, well-formed or not: JSON that names a resource type somewhere, or XML of FHIR's
 * namespace.
 *
 * @param text - The text, or its beginning, without a byte order mark.
 * @returns In which form; undefined if it does not look so.
 */
export function fhirForm(text: string): FhirForm | undefined {
  if (/^\s*[[{]/.test(text)) return /"resourceType"\s*:\s*"[A-Z]/.test(text) ? 'JSON' : undefined;
  return xmlRoot(text)?.namespace === 'http://hl7.org/fhir' ? 'XML' : undefined;
}
