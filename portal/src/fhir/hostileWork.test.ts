import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as forAll, constantFrom, integer, jsonValue, property } from 'fast-check';
import { cardLines } from '../screens/card/cardLines.ts';
import { personsOf } from '../screens/chart/personsOf.ts';
import { arrangeChart } from './arrangeChart.ts';
import type { ArrangedChart } from './ArrangedChart.ts';
import { withBudget } from '../../../src/fhir/budget.ts';
import { KIND_VIEWS } from './kindViews.ts';
import { searchIn } from './searchIn.ts';
import { sizeOf } from './sizeOf.ts';
import { englishWords } from './test/englishWords.ts';
import { entriesOf } from './test/entriesOf.ts';
import { concept, LOINC, observation } from './test/resources.ts';

/** Most steps for each character of a record, and of any record. */
const [EACH, ANY] = [12, 100_000];
const KINDS = Object.keys(KIND_VIEWS);

/** Reads resources of one record in all ways in which the portal does, and counts the steps. */
function stepsFor(resources: readonly unknown[]): number {
  const read = (): void => {
    const chart: ArrangedChart = arrangeChart(entriesOf(resources));
    searchIn(chart.all, englishWords).find('x');
    cardLines(chart, englishWords);
    personsOf(undefined, chart.persons);
    personsOf('Ana Ferreira', chart.persons);
  };
  return withBudget(1e12, read).steps;
}

const times = <Made>(count: number, make: (at: number) => Made): Made[] =>
  Array.from({ length: count }, (_, at) => make(at));
const references = (count: number, to: string): unknown => times(count, () => ({ reference: to }));
const contained = (count: number): unknown[] =>
  times(count, (at) => ({ resourceType: 'Medication', id: String(at), code: { text: 'x' } }));
/** A list of lists of lists that hold a number of values together, so that no list is long. */
function spread(count: number, value: unknown): unknown {
  const width = Math.ceil(Math.cbrt(count));
  return times(width, () => times(width, () => times(width, () => value)));
}
function nested(depth: number, inner: unknown): unknown {
  return depth === 0 ? inner : nested(depth - 1, depth % 2 === 0 ? [inner] : { note: inner });
}

/** Records that were slow to read, or could be, each of a size that grows with a number. */
const HOSTILE: Readonly<Record<string, (count: number) => readonly unknown[]>> = {
  'that refers to the last of many that it contains, many times': (count) => [
    {
      resourceType: 'DiagnosticReport',
      contained: contained(count),
      result: [references(count, `#${count - 1}`)],
      note: references(count, `#${count - 1}`),
    },
  ],
  'that refers many times to one whose title is long to find': (count) => [
    { resourceType: 'Medication', id: 'a', code: spread(count, '') },
    { resourceType: 'List', note: spread(count, { reference: 'Medication/a' }) },
    ...times(count / 10, () => ({
      resourceType: 'MedicationRequest',
      medicationReference: { reference: 'Medication/a' },
    })),
  ],
  'of which each refers to all others': (count) =>
    times(Math.sqrt(count), (at) => ({
      resourceType: 'Medication',
      id: String(at),
      code: times(Math.sqrt(count), (to) => ({ reference: `Medication/${to}` })),
      form: [times(Math.sqrt(count), (to) => ({ reference: `Medication/${to}` }))],
    })),
  'that is deep': (count) => times(count / 200, () => ({ resourceType: 'X', a: nested(200, 'x') })),
  'that is one long text': (count) => [{ resourceType: 'Condition', code: 'ab '.repeat(count) }],
  'whose element has a long name': (count) => [
    { resourceType: 'X', [`${'authored'.repeat(count)}!`]: 'a' },
  ],
  'that has many elements': (count) => [
    Object.fromEntries([['resourceType', 'X'], ...times(count, (at) => [`value${at}`, { v: at }])]),
    {
      resourceType: 'Observation',
      ...Object.fromEntries(times(count, (at) => [`valueA${at}`, at])),
    },
  ],
  'of many that say nothing': (count) => times(count, () => ({ resourceType: 'Media' })),
  'of many problems, each over': (count) =>
    times(count, (at) => ({ resourceType: 'Condition', abatementString: String(at % 2) })),
  'of measurements with a long name and many components': (count) =>
    times(count / 500, (at) => ({
      ...observation(String(at), at, 'g', '2024'),
      code: { ...(concept(LOINC, String(at)) as object), text: 'long '.repeat(count / 50) },
      component: times(200, (each) => observation(String(each), each, 'mg', '2024')),
    })),
  'of reports that name the same results': (count) => [
    ...times(count / 20, (at) => observation(String(at), at, 'g', '2024', { id: String(at) })),
    ...times(count / 100, () => ({
      resourceType: 'DiagnosticReport',
      result: times(count / 20, (at) => ({ reference: `Observation/${at}` })),
    })),
  ],
  'of persons with many names': (count) =>
    times(count / 100, (at) => ({
      resourceType: 'Patient',
      birthDate: `19${at % 90}`,
      name: times(50, (each) => ({ family: `A${at}`, given: [`B${each}`] })),
    })),
  'of a person with a name of many words': (count) => [
    { resourceType: 'Patient', name: [{ text: times(count, (at) => `w${at}`).join(' ') }] },
    { resourceType: 'Patient', name: [{ text: times(count, (at) => `v${at}`).join(' ') }] },
  ],
  'of documents with many files': (count) =>
    times(count / 100, () => ({
      resourceType: 'DocumentReference',
      content: times(100, (at) => ({
        attachment: { title: `t${at}`, contentType: 'a/b', data: 'eA==' },
      })),
    })),
};

describe('a record that somebody wrote so that reading it takes long', () => {
  for (const [name, make] of Object.entries(HOSTILE)) {
    it(`takes no more work than its size allows: ${name}`, () => {
      for (const count of [2000, 20_000]) {
        const resources = make(count);
        const steps = stepsFor(resources);
        const most = ANY + EACH * sizeOf(resources);
        assert.ok(steps <= most, `${count}: ${steps} steps for ${sizeOf(resources)} characters`);
      }
    });
  }

  // @class a record that takes more work than its size allows | references, nested lists, many elements, persons, components, documents, wrong types
  it('takes no more work than its size allows, whatever stands in whichever elements, however often', () => {
    const paths = Object.values(KIND_VIEWS).flatMap(({ title, when, facts }) => [
      ...title,
      ...when,
      ...facts.flatMap(([, ...rest]) => rest),
    ]);
    const elements = [
      ...new Set(paths.map((path) => (path.split('.')[0] ?? '').replace('[x]', 'Any'))),
    ];
    const forms = constantFrom<(count: number, value: unknown) => unknown>(
      (count, value) => times(count, () => value),
      (count, value) => times(count, () => [value]),
      (count, value) => [times(count, () => ({ value, reference: '#0' }))],
      (count, value) => times(count, (at) => ({ reference: `Observation/${at}`, text: value })),
      (count, value) => nested(count % 250, value),
      (count, value) => ({ coding: times(count, (code) => ({ code, display: value })) }),
      (count, value) => Object.fromEntries(times(count, (at) => [`value${at}`, value])),
    );
    forAll(
      property(
        constantFrom(...KINDS, 'Basic'),
        constantFrom(...elements, 'contained', 'component', 'name'),
        forms,
        jsonValue({ maxDepth: 3 }),
        integer({ min: 1, max: 400 }),
        integer({ min: 1, max: 40 }),
        (resourceType, element, form, value, width, count) => {
          const resources = times(count, (at) => ({
            resourceType,
            id: String(at),
            [element]: form(width, value),
            contained: contained(width),
          }));
          const steps = stepsFor(resources);
          assert.ok(steps <= ANY + EACH * sizeOf(resources), String(steps));
        },
      ),
      { numRuns: 150 },
    );
  });
});
