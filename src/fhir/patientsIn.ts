import type { BundleEntry, Patient } from '@medplum/fhirtypes';

/** A person as FHIR's Patient tells of one: what people compare. */
export interface PersonNamed {
  /** Each name as it is written, such as `Wilhelmina Teacup-Example`. */
  readonly names: readonly string[];
  /** ISO 8601, perhaps without day or month. */
  readonly birthDate?: string;
}

/** Whom entries of a bundle are about. */
export interface PatientsFound {
  readonly patients: readonly PersonNamed[];
  /** References to patients that are not among the entries, each once. */
  readonly others: readonly string[];
}

/** Fields of resources that say whom the resource is about. */
const ABOUT = ['subject', 'patient', 'beneficiary'] as const;

/**
 * Finds the patients of the entries of a FHIR bundle: its Patient resources, and the patients that other resources
 * name.
 *
 * @param entries - Of a valid bundle.
 */
export function patientsIn(entries: readonly BundleEntry[]): PatientsFound {
  const own = entries.filter(({ resource }) => resource?.resourceType === 'Patient');
  const known = new Set(
    own.flatMap(({ fullUrl, resource }) => [
      ...(fullUrl === undefined ? [] : [fullUrl]),
      ...(resource?.id === undefined ? [] : [`Patient/${resource.id}`]),
    ]),
  );
  const named = entries.flatMap(({ resource }) =>
    ABOUT.map((field) => referenceIn(resource, field)),
  );
  const others = named
    .filter((reference) => reference !== undefined)
    .map((reference) => reference.replace(/\/_history\/.*$/s, ''))
    .filter((reference) => !known.has(reference) && !known.has(relative(reference)));
  return {
    patients: own.map(({ resource }) => personOf(resource ?? {})),
    others: [...new Set(others)],
  };
}

/** A reference to a patient; undefined for one to something else, or to what a resource contains. */
function referenceIn(resource: unknown, field: (typeof ABOUT)[number]): string | undefined {
  const { reference, type } =
    (
      resource as Partial<Record<typeof field, { reference?: unknown; type?: unknown }>> | undefined
    )?.[field] ?? {};
  if (typeof reference !== 'string' || reference.startsWith('#')) return undefined;
  const isPatient = /(?:^|\/)Patient\/[^/]+/.test(reference) || type === 'Patient';
  // A reference without a type of its own gets the type that is stated, or that of the field.
  const isOpaque = reference.startsWith('urn:') && (type === undefined || type === 'Patient');
  return isPatient || (isOpaque && field !== 'subject') ? reference : undefined;
}

function relative(reference: string): string {
  return /Patient\/[^/]+$/.exec(reference)?.[0] ?? reference;
}

/** A person as far as the resource says it in the form of FHIR: one that lies on a chart may say anything. */
function personOf(patient: Partial<Record<keyof Patient, unknown>>): PersonNamed {
  const names = listOf(patient.name).flatMap((name) => {
    const { given, family, text } = (name ?? {}) as Record<string, unknown>;
    const words = [...listOf(given), family].filter((word) => typeof word === 'string');
    const written = words.filter(Boolean).join(' ') || text;
    return typeof written === 'string' ? [written] : [];
  });
  const { birthDate } = patient;
  return { names, ...(typeof birthDate === 'string' && { birthDate }) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
