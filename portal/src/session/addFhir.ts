import {
  addBundle,
  nameOfContent,
  type BundleAdded,
  type NewBundle,
  type Party,
} from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { splitBundle } from '../../../src/fhir/splitBundle.ts';
import { readFhirFile } from './readFhirFile.ts';

/** A file of FHIR to be put on a chart. */
export interface FhirToAdd extends Pick<NewBundle, 'handle' | 'purpose' | 'grant' | 'type'> {
  readonly content: Blob;
  /** True if the person insists although the file is about somebody else. */
  readonly anotherPatient: boolean;
}

/**
 * Validates a file of FHIR in JSON, splits it by category, and puts its parts on a chart, each as one record. It is added whole
 * or not at all: what the right does not cover is refused before anything is added. The same file added again goes on
 * after what is done already, or gets the original answer.
 *
 * @param party - The author.
 * @param file - The file, the chart, and the right to rely on.
 * @returns The records; undefined if the file is not FHIR.
 * @throws MedsealError `FHIR_INVALID`, `RIGHT_MISSING`, `PATIENT_DIFFERS`, and what `addBundle` throws.
 */
export async function addFhir(
  party: Party,
  { content, ...wanted }: FhirToAdd,
): Promise<BundleAdded | undefined> {
  const read = await readFhirFile(content);
  if (read === undefined) return undefined;
  const { bundle, bytes } = read;
  const covered = wanted.grant?.terms.categories;
  const parts = covered === undefined ? [] : splitBundle(bundle, { set: '0x' });
  if (!parts.every(({ category }) => covered?.includes(category))) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const once = await nameOfContent(party, wanted.handle, [bytes], 'bundle');
  return await addBundle(party, { ...wanted, bundle, once });
}
