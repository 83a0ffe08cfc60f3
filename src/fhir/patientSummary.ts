import type {
  Bundle,
  BundleEntry,
  CompositionSection,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import type { Handle } from '../protocol/ids.ts';
import { isTakenBack, isVitalSign } from './clinicalState.ts';
import { codeOf } from './codeOf.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

const LOINC = 'http://loinc.org';
const PROFILES = 'http://hl7.org/fhir/uv/ips/StructureDefinition';

/** The most results and vital signs of a summary, the newest ones: a watch adds thousands. */
const MOST_MEASURED = 50;

/** A section of a summary: LOINC code, name, and whether a summary must have it. */
interface Section {
  readonly code: string;
  readonly display: string;
  readonly title: string;
  readonly isRequired: boolean;
  readonly holds: (resource: Resource) => boolean;
}

const typed =
  (...types: readonly string[]) =>
  ({ resourceType }: Resource): boolean =>
    types.includes(resourceType);

/** Sections in the order of the International Patient Summary. */
const SECTIONS: readonly Section[] = [
  {
    code: '10160-0',
    display: 'History of Medication use Narrative',
    title: 'Medication Summary',
    isRequired: true,
    holds: typed('MedicationStatement', 'MedicationRequest'),
  },
  {
    code: '48765-2',
    display: 'Allergies and adverse reactions Document',
    title: 'Allergies and Intolerances',
    isRequired: true,
    holds: typed('AllergyIntolerance'),
  },
  {
    code: '11450-4',
    display: 'Problem list - Reported',
    title: 'Problem List',
    isRequired: true,
    holds: typed('Condition'),
  },
  {
    code: '11369-6',
    display: 'History of Immunization Narrative',
    title: 'Immunizations',
    isRequired: false,
    holds: typed('Immunization'),
  },
  {
    code: '47519-4',
    display: 'History of Procedures Document',
    title: 'History of Procedures',
    isRequired: false,
    holds: typed('Procedure'),
  },
  {
    code: '8716-3',
    display: 'Vital signs',
    title: 'Vital Signs',
    isRequired: false,
    holds: (resource) => resource.resourceType === 'Observation' && isVitalSign(resource),
  },
  {
    code: '30954-2',
    display: 'Relevant diagnostic tests/laboratory data Narrative',
    title: 'Results',
    isRequired: false,
    holds: (resource) =>
      resource.resourceType === 'DiagnosticReport' ||
      (resource.resourceType === 'Observation' && !isVitalSign(resource)),
  },
];

/** Collects what a summary is made of, one resource after the other, so that memory stays flat. */
export class SummaryBuilder {
  readonly #sections = SECTIONS.map((section) => ({ section, entries: [] as BundleEntry[] }));
  #patient: BundleEntry<Patient> | undefined;

  /**
   * Takes a resource; one that its author took back is left out, and of measurements all but the newest.
   * @param entry - The entry of a bundle that has it.
   */
  add(entry: BundleEntry): void {
    const { resource } = entry;
    if (resource === undefined || isTakenBack(resource)) return;
    if (resource.resourceType === 'Patient') this.#patient = entry as BundleEntry<Patient>;
    const place = this.#sections.find(({ section }) => section.holds(resource));
    place?.entries.push(entry);
    if (place === undefined || place.entries.length < 4 * MOST_MEASURED) return;
    if (isMeasured(place.section)) place.entries.splice(0, Infinity, ...newest(place.entries));
  }

  /**
   * Makes the summary: a document of FHIR R4 in the form of the International Patient Summary. A section that a summary must
   * have and the chart does not is empty, with the reason that nobody knows.
   *
   * @param of - The chart, and the moment that the summary is of, Unix seconds.
   */
  build({ handle, at }: { readonly handle: Handle; readonly at: number }): Bundle {
    const date = new Date(at * 1000).toISOString();
    const urls = new Set<string>();
    const put = ({ fullUrl, resource }: BundleEntry): BundleEntry => {
      const isOwn = fullUrl !== undefined && /^urn:uuid:|^https?:/.test(fullUrl);
      const url = isOwn && !urls.has(fullUrl) ? fullUrl : urlOf(urls.size + 1);
      urls.add(url);
      return { fullUrl: url, ...(resource && { resource }) };
    };
    const identifier = [{ system: MEDSEAL_SYSTEMS.handle, value: handle }];
    const patient = put(this.#patient ?? { resource: { resourceType: 'Patient', identifier } });
    const subject = { reference: patient.fullUrl ?? '' };
    const entries: BundleEntry[] = [];
    const section = this.#sections.flatMap(
      ({ section: of, entries: found }): CompositionSection[] => {
        const kept = (isMeasured(of) ? newest(found) : found).map(put);
        entries.push(...kept);
        return kept.length > 0 || of.isRequired ? [sectionOf(of, kept)] : [];
      },
    );
    const composition: BundleEntry = {
      fullUrl: urlOf(0),
      resource: {
        resourceType: 'Composition',
        meta: { profile: [`${PROFILES}/Composition-uv-ips`] },
        status: 'final',
        type: {
          coding: [{ system: LOINC, code: '60591-5', display: 'Patient summary Document' }],
        },
        subject,
        date,
        author: [subject],
        title: 'International Patient Summary',
        section,
      },
    };
    return {
      resourceType: 'Bundle',
      meta: { profile: [`${PROFILES}/Bundle-uv-ips`] },
      identifier: { system: MEDSEAL_SYSTEMS.handle, value: `${handle}#${at}` },
      type: 'document',
      timestamp: date,
      entry: [composition, patient, ...entries],
    };
  }
}

function sectionOf(
  { code, display, title }: Section,
  entries: readonly BundleEntry[],
): CompositionSection {
  const lines = entries.map(({ resource }) => `<li>${escaped(nameOf(resource))}</li>`);
  const narrative = lines.length > 0 ? `<ul>${lines.join('')}</ul>` : '<p>Nothing is known.</p>';
  return {
    title,
    code: { coding: [{ system: LOINC, code, display }] },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${narrative}</div>`,
    },
    ...(entries.length > 0
      ? { entry: entries.map(({ fullUrl = '' }) => ({ reference: fullUrl })) }
      : {
          emptyReason: {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason',
                code: 'unavailable',
                display: 'Unavailable',
              },
            ],
            text: 'The chart has no such records.',
          },
        }),
  };
}

/** Name of a resource in words: that of its code, and the time that it is of. */
function nameOf(resource: Resource | undefined): string {
  const concepts = ['code', 'medicationCodeableConcept', 'vaccineCode'];
  const found = concepts.map((name) => fieldOf(resource, name)).find((each) => each !== undefined);
  const text = fieldOf(found, 'text');
  const displays = listOf(fieldOf(found, 'coding')).map((coding) => fieldOf(coding, 'display'));
  const name = [text, ...displays, codeOf(found)].find((each) => typeof each === 'string');
  const moment = momentOf(resource);
  const words = typeof name === 'string' ? name : (resource?.resourceType ?? '');
  return moment === '' ? words : `${words}, ${moment}`;
}

function momentOf(resource: Resource | undefined): string {
  const names = [
    'effectiveDateTime',
    'occurrenceDateTime',
    'performedDateTime',
    'onsetDateTime',
    'authoredOn',
    'issued',
  ];
  const found = names.map((name) => fieldOf(resource, name));
  const moment = found.find((each) => typeof each === 'string');
  return typeof moment === 'string' ? moment : '';
}

function isMeasured({ code }: Section): boolean {
  return code === '8716-3' || code === '30954-2';
}

function newest(entries: readonly BundleEntry[]): readonly BundleEntry[] {
  return entries
    .toSorted((one, other) => (momentOf(one.resource) < momentOf(other.resource) ? 1 : -1))
    .slice(0, MOST_MEASURED);
}

/** A name within this document. */
function urlOf(place: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`;
}

function escaped(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  // A character that XML forbids would make the page unreadable.
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replaceAll(/[&<>]/g, (mark) => marks[mark] ?? mark);
}
