import type { Bundle } from '@medplum/fhirtypes';
import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import type { SplitBy } from '../../fhir/Part.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { RecordType } from '../../protocol/struct/recordTypes.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { confirmPatient, type PatientCompared } from '../state/confirmPatient.ts';
import { addRecord } from './addRecord.ts';
import type { LoggedVersion } from './logVersion.ts';
import { requireRecordType } from './requireRecordType.ts';
import type { NewVersion } from './sealVersion.ts';

/** A FHIR bundle to be put on a patient's chart. */
export interface NewBundle extends Pick<NewVersion, 'handle' | 'purpose' | 'grant'> {
  /** A valid bundle, as `validateBundle` of `medseal/fhir` returns it. */
  readonly bundle: Bundle;
  /** One record per category (the default), or one per category and encounter. */
  readonly by?: SplitBy;
  /** One of the six types of records, where the author says that the bundle is one. */
  readonly type?: RecordType;
  /** True if the author insists although the bundle is about another patient. */
  readonly anotherPatient?: boolean;
  /**
   * Name under which the device remembers the bundle, as `nameOfContent` gives: after a failure, the same call adds what is
   * missing and nothing twice.
   */
  readonly once?: string;
}

/** A bundle that is on a chart. */
export interface BundleAdded {
  /** The record of each part, by its number; to read the bundle, any of them will do. */
  readonly records: readonly (LoggedVersion & { readonly category: Category })[];
  /** Comparison of the bundle's patient with the chart's. */
  readonly patient: PatientCompared;
}

/**
 * Puts a valid FHIR bundle on a chart: compares its patient with the chart's, splits it, and adds a record for each part.
 *
 * @param party - The author.
 * @param bundle - The bundle, the patient, and the right to rely on.
 * @returns The records, and how the patients compare.
 * @throws MedsealError `PATIENT_DIFFERS`, `PARTS_UNFIT`, `ROLE_UNFIT`, `FHIR_INVALID`, `ARGUMENT_INVALID`; what `addRecord` throws, and then the parts
 * before it are on the chart.
 * @example
 * ```ts
 * const bundle = createValidator(loadFhirDefinitions()).validateBundle(parseFhirJson(bytes));
 * const once = await nameOfContent(doctor, handle, [bytes], 'bundle');
 * const { records } = await addBundle(doctor, { handle, bundle, purpose: 'TREAT', grant, once });
 * console.log(records.map(({ category }) => category).join(', '));
 * ```
 */
export async function addBundle(
  party: Party,
  { bundle, by = 'category', type, anotherPatient = false, once, ...version }: NewBundle,
): Promise<BundleAdded> {
  requireArgument('handle', version.handle);
  const entries = bundle.entry ?? [];
  if (type) await requireRecordType(party, { type, own: version.grant === undefined, entries });
  const set = setOf(party, once);
  const parts = splitBundle(bundle, { set, by });
  const patient = await confirmPatient(party, {
    handle: version.handle,
    own: version.grant === undefined,
    entries,
    anotherPatient,
  });
  const records: BundleAdded['records'][number][] = [];
  for (const [number, { category, content }] of parts.entries()) {
    const added = await addRecord(party, {
      ...version,
      category,
      content: encodePart(content),
      ...(once !== undefined && { once: `${once}-part-${number}` }),
    });
    records.push({ ...added, category });
  }
  return { records, patient };
}

/** The bytes that tie the parts together: a repeat gives the same, so that its parts are the same. */
function setOf({ random }: Party, once: string | undefined): Hex {
  if (once === undefined) return bytesToHex(random(16));
  if (/^[0-9a-f]{32}$/.test(once)) return `0x${once}`;
  const reason = 'must be a name as `nameOfContent` gives';
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'once', reason });
}
