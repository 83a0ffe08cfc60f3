import type { Bundle } from '@medplum/fhirtypes';
import { systemNameOf } from '../../../../src/fhir/forms/codeSystems.ts';

/**
 * Returns the codes of the resources that a form made, as people read them before they sign, such as `J01CE01 (ATC)`: machines
 * act on the code, whatever the text beside it says. Codes of FHIR's own lists are told by their words.
 *
 * @param bundle - Of a form.
 */
export function codesSigned(bundle: Bundle): readonly string[] {
  return [...new Set(codesBelow(bundle))];
}

function codesBelow(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { system, code } = value as { readonly system?: unknown; readonly code?: unknown };
  const name = typeof system === 'string' ? systemNameOf(system) : undefined;
  if (name !== undefined && typeof code === 'string') return [`${code} (${name})`];
  return Object.values(value).flatMap(codesBelow);
}
