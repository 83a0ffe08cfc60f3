import type { Bundle } from '@medplum/fhirtypes';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import { parseFhirJson } from '../../../../src/fhir/parseFhirJson.ts';

/** Largest file that is looked at as a FHIR bundle, bytes; a larger one is added as the file that it is. */
const LARGEST = 16 * 2 ** 20;

/**
 * Reads the FHIR R4 bundle that a file is.
 *
 * @param file - Any file.
 * @returns Undefined if it is something else.
 * @throws MedsealError `FHIR_INVALID` if it is a bundle and breaks FHIR's rules.
 */
export async function bundleInFile(file: Blob): Promise<Bundle | undefined> {
  if (file.size > LARGEST) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let value: unknown;
  try {
    value = parseFhirJson(bytes);
  } catch {
    return undefined;
  }
  if (fieldOf(value, 'resourceType') !== 'Bundle') return undefined;
  const { fhirValidator } = await import('../../fhir/fhirValidator.ts');
  return fhirValidator().validateBundle(value);
}
