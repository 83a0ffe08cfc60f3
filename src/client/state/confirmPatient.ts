import type { BundleEntry } from '@medplum/fhirtypes';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { comparePersons, type PersonsCompared } from '../../fhir/comparePersons.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { patientsIn, type PatientsFound, type PersonNamed } from '../../fhir/patientsIn.ts';
import { ZERO32, type Handle } from '../../protocol/ids.ts';
import { rightFor } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import type { ChartRecord } from '../records/viewChart.ts';

/**
 * Largest number of records of a chart that are opened, the newest first, and largest size of one, sealed, in bytes.
 */
const [MOST_RECORDS, LARGEST] = [16, 256 * 2 ** 10];

/** Bundle to be put on a patient's chart. */
export interface PatientWanted {
  readonly handle: Handle;
  /** True for the party's own chart. */
  readonly own: boolean;
  /** Entries of a valid FHIR bundle. */
  readonly entries: readonly BundleEntry[];
  /** True if the author insists although the bundle is about another patient. */
  readonly anotherPatient?: boolean;
  /** Called with the findings before anything is refused. */
  readonly onFound?: (found: PatientCompared) => void;
}

/** Patients of a bundle, compared with the patient of the chart. */
export interface PatientCompared extends PatientsFound {
  /** `unknown` if the bundle or the chart says too little, or the party may not read the chart. */
  readonly compared: PersonsCompared;
  /** Persons in the chart's Patient resources; empty if it has no such resources or the party may not read them. */
  readonly chart: readonly PersonNamed[];
  /** Reason for `different`, without data of the patient. */
  readonly reason?: string;
}

/**
 * Compares the patient that a FHIR bundle is about with the one in the chart's own Patient resources. The chart is read
 * if the party may read its demographics, and each record that is opened is a view.
 *
 * @param party - The author.
 * @param wanted - Bundle, and the chart that it is meant for.
 * @throws MedsealError `PATIENT_DIFFERS`, unless the author insists; `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const validator = createValidator(loadFhirDefinitions());
 * const { entry: entries = [] } = validator.validateBundle(parseFhirJson(bytes));
 * const { compared, patients } = await confirmPatient(doctor, { handle, own: false, entries });
 * if (compared === 'unknown') console.log('Compare the person yourself:', patients);
 * ```
 */
export async function confirmPatient(
  party: Party,
  { entries, anotherPatient = false, onFound, ...chart }: PatientWanted,
): Promise<PatientCompared> {
  const found = patientsIn(entries);
  const known = found.patients.length === 0 ? [] : await personsOn(party, chart);
  const reason = misfitOf(found) ?? differenceOf(found.patients, known);
  const same =
    found.patients.length > 0 &&
    found.patients.every((each) => known.some((other) => comparePersons(each, other) === 'same'));
  const compared = reason === undefined ? (same ? 'same' : 'unknown') : 'different';
  const result: PatientCompared = { ...found, chart: known, compared, ...(reason && { reason }) };
  onFound?.(result);
  if (reason !== undefined && !anotherPatient)
    throw new MedsealError('PATIENT_DIFFERS', { reason });
  return result;
}

/** Returns the reason why a bundle is not about one patient alone. */
function misfitOf({ patients, others }: PatientsFound): string | undefined {
  const [first, ...more] = patients;
  if (first !== undefined && more.some((each) => comparePersons(first, each) !== 'same')) {
    return 'the file holds several patients';
  }
  if (others.length > (first === undefined ? 1 : 0)) {
    return 'the file refers to a patient that it does not hold';
  }
  return undefined;
}

/** Returns how the patients of a bundle differ from every person on the chart. */
function differenceOf(
  patients: readonly PersonNamed[],
  chart: readonly PersonNamed[],
): string | undefined {
  // A Patient without name and birth date says nothing, and so does not hide a difference from the others.
  const telling = chart.filter(
    ({ names, birthDate }) => names.length > 0 || birthDate !== undefined,
  );
  if (telling.length === 0) return undefined;
  const isOther = patients.some((each) =>
    telling.every((other) => comparePersons(each, other) === 'different'),
  );
  return isOther ? 'name or birth date differs from the chart' : undefined;
}

/** Persons in the newest demographics of a chart; nobody if the party may not read them. */
async function personsOn(
  party: Party,
  { handle, own }: Pick<PatientWanted, 'handle' | 'own'>,
): Promise<readonly PersonNamed[]> {
  const category = 'demographics';
  const right = own ? undefined : await rightFor(party, { handle, action: 'read', category });
  // A request without a right would leave a refusal in the patient's audit.
  if (!own && right?.covers !== true) return [];
  const purpose = right?.grant.terms.purpose ?? 'PATRQT';
  try {
    const wanted = {
      handle,
      purpose,
      part: 'records',
      ...(right && { grant: right.grant }),
    } as const;
    const chart = await readChart(party, wanted);
    const persons: PersonNamed[] = [];
    for await (const read of readRecords(party, chart, demographicsOf(chart.records))) {
      if ('content' in read) persons.push(...personsIn(read.content));
    }
    return persons;
  } catch (error) {
    // The right ended meanwhile, or the keys are on their way.
    if (isMedsealError(error) && error.status < 500) return [];
    throw error;
  }
}

function demographicsOf(records: readonly ChartRecord[]): readonly ChartRecord[] {
  const newest = new Map<string, ChartRecord>();
  for (const each of records) {
    if (each.category !== 'demographics' || each.size > LARGEST || each.about !== ZERO32) continue;
    const other = newest.get(each.record);
    if (other === undefined || other.version < each.version) newest.set(each.record, each);
  }
  return [...newest.values()].toSorted((left, right) => right.at - left.at).slice(0, MOST_RECORDS);
}

function personsIn(content: Uint8Array): readonly PersonNamed[] {
  try {
    return patientsIn(decodePart(content).entries).patients;
  } catch (error) {
    if (isMedsealError(error, 'PARTS_UNFIT')) return [];
    throw error;
  }
}
