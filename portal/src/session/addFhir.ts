import { addBundle, nameOfContent, type BundleAdded } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { bundleAround } from '../../../src/fhir/bundleAround.ts';
import { fhirIn } from '../../../src/fhir/fhirIn.ts';
import { fhirValidator } from '../fhir/fhirValidator.ts';
import type { Session } from './Session.ts';

/** Largest FHIR file in bytes: it is validated and split in memory. */
const LARGEST = 16 * 2 ** 20;

/**
 * Validates a file of FHIR in JSON, splits it by category, and puts its parts on the person's own chart, each as one record.
 * The same file added again goes on after what is done already, or gets the original answer.
 *
 * @param session - The patient.
 * @param content - The file.
 * @param anotherPatient - True if the person insists although the file is about somebody else.
 * @returns The records; undefined if the file is not FHIR.
 * @throws MedsealError `FHIR_INVALID`, `PATIENT_DIFFERS`, and what `addBundle` throws.
 */
export async function addFhir(
  { party, handle = '0x' }: Session,
  content: Blob,
  anotherPatient: boolean,
): Promise<BundleAdded | undefined> {
  if (content.size > LARGEST) {
    const reason = 'FHIR of more than 16 MiB cannot be split; make several bundles of it';
    throw new MedsealError('FHIR_INVALID', { reason });
  }
  const bytes = new Uint8Array(await content.arrayBuffer());
  const resource = fhirIn(bytes);
  if (resource === undefined) return undefined;
  const bundle = fhirValidator().validateBundle(bundleAround(resource));
  const once = await nameOfContent(party, handle, [bytes], 'bundle');
  return await addBundle(party, { handle, purpose: 'PATRQT', bundle, once, anotherPatient });
}
