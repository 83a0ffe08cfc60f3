import type { Bundle } from '@medplum/fhirtypes';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { bundleAround } from '../../../src/fhir/bundleAround.ts';
import { fhirIn } from '../../../src/fhir/fhirIn.ts';
import { fhirValidator } from '../fhir/fhirValidator.ts';

/** Largest FHIR file in bytes: it is validated and split in memory. */
const LARGEST = 16 * 2 ** 20;

/** A file of FHIR in JSON. */
export interface FhirFileRead {
  /** Valid; around a single resource. */
  readonly bundle: Bundle;
  readonly bytes: Uint8Array;
}

/**
 * Reads and validates a file of FHIR in JSON. A file that looks like FHIR and is not valid is refused, never taken for a
 * document.
 *
 * @param content - The file.
 * @returns Undefined if the file is not FHIR.
 * @throws MedsealError `FHIR_INVALID`.
 */
export async function readFhirFile(content: Blob): Promise<FhirFileRead | undefined> {
  if (content.size > LARGEST) {
    const reason = 'FHIR of more than 16 MiB cannot be split; make several bundles of it';
    throw new MedsealError('FHIR_INVALID', { reason });
  }
  const bytes = new Uint8Array(await content.arrayBuffer());
  const resource = fhirIn(bytes);
  if (resource === undefined) return undefined;
  return { bundle: fhirValidator().validateBundle(bundleAround(resource)), bytes };
}
