import { attachmentsOf } from './attachmentsOf.ts';
import type { ChartItem, ArrangedChart } from './ArrangedChart.ts';
import {
  isActiveMedicine,
  isActiveProblem,
  isTakenBack,
  isVitalSign,
  riskOf,
} from './clinicalState.ts';
import { describeResource, type Described } from './describeResource.ts';
import { measurementsOf } from './measurementsOf.ts';
import { panelsOf } from './panelsOf.ts';
import { resolverOf, type Entry, type Resolve } from './Resolve.ts';

const MEDICINES = [
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
  'MedicationDispense',
];
const DOCUMENTS = ['DocumentReference', 'Media'];
/** Kinds that have a list of their own, and people and places that other resources name. */
const LISTED: ReadonlySet<string> = new Set([
  ...MEDICINES,
  ...DOCUMENTS,
  'Patient',
  'Condition',
  'AllergyIntolerance',
  'Observation',
  'DiagnosticReport',
  'Immunization',
  'Procedure',
  'Encounter',
  'Medication',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Provenance',
]);

/**
 * Arranges resources as a clinician reads them. A resource that its author took back (`entered-in-error`) is among the others,
 * so that nobody acts on it and it is not hidden either.
 *
 * @param entries - Resources of opened records; anything else is passed over.
 * @param describe - Describes one of them; a page that does this piece by piece gives what it has.
 */
export function arrangeChart(
  entries: readonly Entry[],
  describe: (resource: unknown, resolve: Resolve) => Described = describeResource,
): ArrangedChart {
  const resolve = resolverOf(entries);
  const items = entries
    .map(({ resource }): ChartItem => ({ ...describe(resource, resolve), resource }))
    .filter(({ kind }) => kind !== '')
    .toSorted((left, right) => timeOf(right) - timeOf(left));
  const valid = items.filter(({ resource }) => !isTakenBack(resource));
  const of = (...kinds: readonly string[]): readonly ChartItem[] =>
    valid.filter(({ kind }) => kinds.includes(kind));
  const [active, resolved] = split(of('Condition'), isActiveProblem);
  const [taken, stopped] = split(of(...MEDICINES), isActiveMedicine);
  const [vitals, findings] = split(of('Observation'), isVitalSign);
  return {
    persons: of('Patient'),
    problems: { active, resolved },
    allergies: of('AllergyIntolerance').toSorted(
      (left, right) => riskOf(right.resource) - riskOf(left.resource),
    ),
    medicines: { active: taken, stopped },
    vitals: measurementsOf(vitals.map(({ resource }) => resource)),
    results: measurementsOf(findings.map(({ resource }) => resource)),
    panels: panelsOf(of('DiagnosticReport'), findings, resolve),
    immunizations: of('Immunization'),
    procedures: of('Procedure'),
    encounters: of('Encounter'),
    documents: of(...DOCUMENTS, 'DiagnosticReport')
      .map((item) => ({ ...item, attachments: attachmentsOf(item.resource) }))
      .filter(({ kind, attachments }) => kind !== 'DiagnosticReport' || attachments.length > 0),
    others: items.filter(({ kind, resource }) => isTakenBack(resource) || !LISTED.has(kind)),
    all: items,
  };
}

/** A resource without a date stands last. */
function timeOf({ when }: ChartItem): number {
  return when?.at ?? Number.MIN_SAFE_INTEGER;
}

function split(
  items: readonly ChartItem[],
  isFirst: (resource: unknown) => boolean,
): readonly [readonly ChartItem[], readonly ChartItem[]] {
  const first = items.filter(({ resource }) => isFirst(resource));
  return [first, items.filter((item) => !first.includes(item))];
}
