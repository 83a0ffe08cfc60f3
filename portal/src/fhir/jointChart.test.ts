import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, constantFrom, oneof, property, record, tuple } from 'fast-check';
import { cardLines } from '../screens/card/cardLines.ts';
import { arrangeChart } from './arrangeChart.ts';
import type { Panel } from './ArrangedChart.ts';
import type { Series } from './measurementsOf.ts';
import type { Entry } from '../../../src/fhir/Resolve.ts';
import { englishWords } from './test/englishWords.ts';
import { concept, LOINC } from './test/resources.ts';

/** Few addresses, so that bundles use the same ones. */
const URLS = [
  undefined,
  'urn:uuid:1',
  'http://a/Medication/1',
  'http://b/Medication/1',
  'http://a/MedicationRequest/2',
  'http://b/Observation/1',
];
const REFERENCES = ['Medication/1', 'Observation/1', '#1', ...URLS.slice(1)];
const ids = constantFrom(undefined, '1', '2');
const text = constantFrom('Methotrexate', 'Folic acid', 'Warfarin', 'Potassium');
const reference = constantFrom(...REFERENCES).map((to) => ({ reference: to }));
const medication = record({ id: ids, text }).map(({ id, text: name }) => ({
  resourceType: 'Medication',
  id,
  code: { text: name },
}));
const request = tuple(ids, reference, text, array(medication, { maxLength: 2 })).map(
  ([id, medicationReference, dose, contained]) => ({
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    medicationReference,
    contained,
    dosageInstruction: [{ text: dose }],
  }),
);
const observation = tuple(ids, text, constantFrom(4.1, 7.1), reference).map(
  ([id, name, value, performer]) => ({
    resourceType: 'Observation',
    id,
    code: concept(LOINC, '2823-3', name),
    performer: [performer],
    valueQuantity: { value, unit: 'mmol/L' },
  }),
);
const report = tuple(ids, array(reference, { maxLength: 3 })).map(([id, result]) => ({
  resourceType: 'DiagnosticReport',
  id,
  code: { text: 'Blood' },
  result,
}));
const bundle = array(
  tuple(constantFrom(...URLS), oneof(medication, request, observation, report)),
  { maxLength: 6 },
);

/** Bundles as the chart gets them: of resources that are objects of their own. */
function chartOf(
  bundles: readonly (readonly (readonly [string | undefined, object])[])[],
): readonly (readonly Entry[])[] {
  return bundles.map((entries, place) =>
    entries.map(([url, resource]) => ({
      bundle: String(place),
      url,
      resource: structuredClone(resource),
    })),
  );
}

/** Series as far as they tell of some resources. */
function seriesOf(all: readonly Series[], resources: ReadonlySet<unknown>): unknown {
  const told = all.flatMap(({ points, ...series }) =>
    points.filter(({ resource }) => resources.has(resource)).map((point) => ({ series, point })),
  );
  return new Set(told.map((each) => JSON.stringify(each)));
}

/** Panels as far as they tell of some resources. */
function panelsOf(all: readonly Panel[], resources: ReadonlySet<unknown>): readonly unknown[] {
  return all
    .map(({ report: own, results }) => [
      own?.resource,
      results.map(({ resource }) => resource).filter((each) => resources.has(each)),
    ])
    .filter(([own, results]) =>
      own === undefined ? Array.isArray(results) && results.length > 0 : resources.has(own),
    );
}

/** The lines that entries give a card. */
function linesOf(entries: readonly Entry[]): readonly string[] {
  return cardLines(arrangeChart(entries), englishWords).map(({ text: line }) => line);
}

describe('a chart of several bundles', () => {
  // @class a record changes how another one reads | chart and emergency card, over random bundles with the same addresses
  it('describes each of them exactly as it is described alone, whatever addresses the others use', () => {
    forAll(
      property(array(bundle, { minLength: 2, maxLength: 4 }), (drawn) => {
        const bundles = chartOf(drawn);
        const joint = arrangeChart(bundles.flat());
        for (const entries of bundles) {
          const own = new Set<unknown>(entries.map(({ resource }) => resource));
          const alone = arrangeChart(entries);
          const ofOwn = joint.all.filter(({ resource }) => own.has(resource));
          assert.deepEqual(ofOwn, alone.all);
          assert.deepEqual(panelsOf(joint.panels, own), panelsOf(alone.panels, own));
          for (const list of ['vitals', 'results'] as const) {
            assert.deepEqual(seriesOf(joint[list], own), seriesOf(alone[list], own));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives an emergency card the lines that each of them gives alone, and no other', () => {
    forAll(
      property(array(bundle, { minLength: 2, maxLength: 4 }), (drawn) => {
        const bundles = chartOf(drawn);
        assert.deepEqual(new Set(linesOf(bundles.flat())), new Set(bundles.flatMap(linesOf)));
      }),
      { numRuns: 300 },
    );
  });
});
