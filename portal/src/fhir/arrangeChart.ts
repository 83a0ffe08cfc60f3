import { attachmentsOf } from './attachmentsOf.ts';
import type { ChartItem, ArrangedChart } from './ArrangedChart.ts';
import {
  isActiveMedicine,
  isActiveProblem,
  isTakenBack,
  isVitalSign,
  riskOf,
} from '../../../src/fhir/clinicalState.ts';
import { describeEach } from './describeEach.ts';
import type { Described } from './describeResource.ts';
import { measurementsOf } from './measurementsOf.ts';
import { panelsOf } from './panelsOf.ts';
import { resolverOf, type Entry } from '../../../src/fhir/Resolve.ts';

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
 * @param described - The description of each resource; a page that describes them piece by piece gives what it has.
 */
export function arrangeChart(
  entries: readonly Entry[],
  described: ReadonlyMap<unknown, Described> = describeBundles(entries),
): ArrangedChart {
  const resolve = resolverOf(entries);
  const items = entries
    .flatMap(({ resource }): readonly ChartItem[] => {
      const told = described.get(resource);
      return told === undefined || told.kind === '' ? [] : [{ ...told, resource }];
    })
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

/** Each bundle has a budget of its own, so that none takes another's. */
function describeBundles(entries: readonly Entry[]): ReadonlyMap<unknown, Described> {
  const resolve = resolverOf(entries);
  const described = new Map<unknown, Described>();
  for (const bundle of Map.groupBy(entries, (entry) => entry.bundle).values()) {
    const resources = bundle.map(({ resource }) => resource);
    let place = 0;
    for (const each of describeEach(resources, resolve)) {
      described.set(resources[place], each);
      place += 1;
    }
  }
  return described;
}

/** A resource without a date stands last. */
function timeOf({ when }: ChartItem): number {
  return when?.at ?? Number.MIN_SAFE_INTEGER;
}

function split(
  items: readonly ChartItem[],
  isFirst: (resource: unknown) => boolean,
): readonly [readonly ChartItem[], readonly ChartItem[]] {
  const { first = [], rest = [] } = Object.groupBy(items, ({ resource }) =>
    isFirst(resource) ? 'first' : 'rest',
  );
  return [first, rest];
}
