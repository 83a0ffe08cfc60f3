import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_RESULTS_READ, resultsOfReport } from './resultsOfReport.ts';

const to = (...names: readonly unknown[]) => names.map((reference) => ({ reference }));

function read(
  report: unknown,
  results: Readonly<Record<string, object>>,
): { readonly ids: readonly unknown[]; readonly unseen: number } {
  const found = resultsOfReport(report, (reference) => {
    const more = Object.hasOwn(results, reference) ? results[reference] : undefined;
    return more && { resource: { resourceType: 'Observation', id: reference, ...more } };
  });
  return { ids: found.results.map(({ resource }) => resource.id), unseen: found.unseen };
}

describe('the results of a report', () => {
  it('are those that it names and the members of panels, as deep as they go, each behind its panel', () => {
    const results = {
      panel: { hasMember: to('inner', 'sodium') },
      inner: { hasMember: to('potassium') },
      potassium: {},
      sodium: {},
      last: {},
    };
    const { ids, unseen } = read({ result: to('panel', 'last') }, results);
    assert.deepEqual(ids, ['panel', 'inner', 'potassium', 'sodium', 'last']);
    assert.equal(unseen, 0);
  });

  it('count as unseen if nothing or another resource is there', () => {
    const results = { one: { hasMember: to('gone', 7) }, other: { resourceType: 'Patient' } };
    const found = read({ result: to('one', 'other', undefined) }, results);
    assert.deepEqual(found, { ids: ['one'], unseen: 4 });
    assert.deepEqual(read('report', {}), { ids: [], unseen: 0 });
  });

  // @actor a laboratory whose panels are members of themselves | has the report of an order read for ever
  it('are each there once if panels are members of each other, or of themselves', () => {
    const results = { one: { hasMember: to('two', 'one') }, two: { hasMember: to('one') } };
    assert.deepEqual(read({ result: to('one', 'one') }, results), {
      ids: ['one', 'two'],
      unseen: 0,
    });
  });

  // @actor a laboratory whose report names a hundred thousand results | has whoever ordered wait for the page
  it('end at a bound, and what is beyond it is counted as unseen', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => `r${at}`);
    const results = Object.fromEntries(many.map((name) => [name, {}]));
    const wide = read({ result: to(...many) }, results);
    assert.equal(wide.ids.length, MOST_RESULTS_READ);
    assert.equal(wide.unseen, 100_000 - MOST_RESULTS_READ);
    const deep = Object.fromEntries(
      many.map((name, at) => [name, { hasMember: to(`r${at + 1}`) }]),
    );
    const chain = read({ result: to('r0') }, deep);
    assert.deepEqual([chain.ids.length, chain.unseen], [MOST_RESULTS_READ, 1]);
  });
});
