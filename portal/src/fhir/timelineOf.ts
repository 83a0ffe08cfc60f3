import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import type { ArrangedChart, ChartItem } from './ArrangedChart.ts';
import type { FhirDate } from './Said.ts';

/** Kinds by which a timeline is filtered. */
export const TIMELINE_KINDS = [
  'notes',
  'encounters',
  'results',
  'medicines',
  'problems',
  'procedures',
  'others',
] as const;

/** A kind of a timeline. */
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Something that happened at a time, as a timeline shows it. */
export interface TimelineEntry {
  readonly item: ChartItem;
  readonly kind: TimelineKind;
  readonly when: FhirDate;
  /** Values that were measured then: the results that a report names, or the result itself. */
  readonly results: readonly ChartItem[];
}

/** Resources that name people, places and authors, and are nothing that happened. */
const BESIDE: ReadonlySet<string> = new Set([
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
  'Provenance',
  'Device',
]);

/** Kinds of FHIR's resources; any other is among the others. */
const KINDS: Readonly<Record<string, TimelineKind>> = {
  DocumentReference: 'notes',
  Media: 'notes',
  Encounter: 'encounters',
  Observation: 'results',
  DiagnosticReport: 'results',
  MedicationRequest: 'medicines',
  MedicationStatement: 'medicines',
  MedicationAdministration: 'medicines',
  MedicationDispense: 'medicines',
  Condition: 'problems',
  AllergyIntolerance: 'problems',
  Procedure: 'procedures',
  Immunization: 'procedures',
};

/**
 * Returns everything that happened, newest first. Results that a report names are told by the report.
 *
 * @param arranged - The chart.
 * @returns The entries, and how many have no date and so no place among them.
 */
export function timelineOf({ all, panels }: Pick<ArrangedChart, 'all' | 'panels'>): {
  readonly entries: readonly TimelineEntry[];
  readonly undated: number;
} {
  const ofReports = new Map(
    panels.flatMap(({ report, results }) =>
      report === undefined ? [] : [[report.resource, results] as const],
    ),
  );
  const told = new Set(
    [...ofReports.values()].flatMap((all) => all.map(({ resource }) => resource)),
  );
  const shown = all.filter(({ kind, resource }) => !BESIDE.has(kind) && !told.has(resource));
  const entries = shown.flatMap((item): readonly TimelineEntry[] =>
    item.when === undefined
      ? []
      : [
          {
            item,
            kind: kindIn(item),
            when: item.when,
            results: ofReports.get(item.resource) ?? (item.kind === 'Observation' ? [item] : []),
          },
        ],
  );
  return { entries, undated: shown.length - entries.length };
}

function kindIn({ kind, resource }: ChartItem): TimelineKind {
  // A report of words alone is a note.
  const hasWords = kind === 'DiagnosticReport' && fieldOf(resource, 'presentedForm') !== undefined;
  if (hasWords && listOf(fieldOf(resource, 'result')).length === 0) return 'notes';
  return (Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined) ?? 'others';
}
