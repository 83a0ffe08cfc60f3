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
  /** A random name of a form that was filled in: the same content under another name is added once more. Absent of a file. */
  readonly filling?: string;
}

/** Records of a file of FHIR. */
export interface FhirAdded extends BundleAdded {
  /** True if an earlier call had added all of it, and this one nothing. */
  readonly already: boolean;
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
  { content, filling, ...wanted }: FhirToAdd,
): Promise<FhirAdded | undefined> {
  const read = await readFhirFile(content);
  if (read === undefined) return undefined;
  const { bundle, bytes } = read;
  const covered = wanted.grant?.terms.categories;
  const parts = covered === undefined ? [] : splitBundle(bundle, { set: '0x' });
  if (!parts.every(({ category }) => covered?.includes(category))) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const as = filling === undefined ? 'bundle' : `bundle/${filling}`;
  const once = await nameOfContent(party, wanted.handle, [bytes], as);
  const added = await addBundle(party, { ...wanted, bundle, once });
  return { ...added, already: added.records.every((record) => record.already === true) };
}
