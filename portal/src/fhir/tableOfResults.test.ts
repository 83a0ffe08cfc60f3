import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeEach } from './describeEach.ts';
import { tableOfResults } from './tableOfResults.ts';

const REPORT = { resourceType: 'DiagnosticReport' };
const [FIRST, SECOND] = [1, 2].map((value) => ({
  resourceType: 'Observation',
  valueQuantity: { value },
}));

function resultsOf(...resources: readonly unknown[]): ReturnType<typeof tableOfResults> {
  return tableOfResults(resources, [...describeEach(resources)]);
}

describe('the results of a report', () => {
  it('are its single values, in their order', () => {
    assert.deepEqual(resultsOf(FIRST, REPORT, SECOND), { results: [FIRST, SECOND] });
  });

  it('are found without the report if all have one time, which is told with them', () => {
    const timed = [FIRST, SECOND].map((each) => ({ ...each, effectiveDateTime: '2026-11-02' }));
    const { results, when } = resultsOf(...timed);
    assert.deepEqual(results, timed);
    assert.equal(when?.at, Date.UTC(2026, 10, 2));
    const later = { ...SECOND, effectiveDateTime: '2026-11-03' };
    assert.deepEqual(resultsOf(...timed, later), { results: [] });
    assert.deepEqual(resultsOf(REPORT, ...timed, later).when, undefined);
  });

  it('are nothing without a report and a time, and if there is one value alone', () => {
    assert.deepEqual(resultsOf(FIRST, SECOND), { results: [] });
    assert.deepEqual(resultsOf(REPORT, FIRST), { results: [] });
    assert.deepEqual(resultsOf(REPORT, undefined, 'text'), { results: [] });
  });

  it('leave out what was taken back, what has components, and what takes too long to describe', () => {
    const gone = { ...FIRST, status: 'entered-in-error' };
    const panel = { ...FIRST, component: [{ valueQuantity: { value: 1 } }] };
    const { results } = resultsOf(REPORT, FIRST, gone, panel, SECOND);
    assert.deepEqual(results, [FIRST, SECOND]);
    const described = [{}, {}, {}, { tooLarge: true as const }];
    const large = tableOfResults([REPORT, FIRST, SECOND, { ...SECOND }], described);
    assert.deepEqual(large.results, [FIRST, SECOND]);
  });
});
