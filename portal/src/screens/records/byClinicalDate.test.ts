import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../../src/client/index.ts';
import { byClinicalDate } from './byClinicalDate.ts';
import { datesOfOpened } from './datesOfOpened.ts';

const record = (id: string, at: number): ChartRecord =>
  ({ record: id, version: 1, at }) as unknown as ChartRecord;

function ids(records: readonly ChartRecord[]): string {
  return records.map((each) => each.record).join('');
}

function finding(date: unknown): unknown {
  return { resourceType: 'Observation', effectiveDateTime: date };
}

describe('records by clinical date', () => {
  const records = [record('a', 100), record('b', 200), record('c', 300)];

  it('stand by when they were added as long as nobody knows more', () => {
    assert.equal(ids(byClinicalDate(records, () => undefined)), 'cba');
  });

  it('stand by their own date once it is known', () => {
    const dates: Partial<Record<string, number>> = { a: 90_000, b: 1000, c: 50_000 };
    assert.equal(ids(byClinicalDate(records, (each) => dates[each.record])), 'acb');
    assert.equal(
      ids(byClinicalDate(records, ({ at }) => (at === 300 ? 150_000 : undefined))),
      'bca',
    );
  });

  it('do not stand above later ones by a date that was still to come', () => {
    assert.equal(ids(byClinicalDate(records, ({ at }) => (at === 100 ? 9e15 : undefined))), 'cba');
  });
});

describe('the clinical dates of opened records', () => {
  it('are the newest of what each holds, and nothing for what has no date', () => {
    const dates = datesOfOpened([
      { record: record('a', 1), resources: [finding('2020-03'), finding('2021-01-02')] },
      { record: record('b', 1), resources: [finding('soon'), { resourceType: 'Patient' }] },
      { record: record('c', 1) },
    ]);
    assert.deepEqual(Object.keys(dates), ['a/1']);
    assert.equal(dates['a/1']?.date, '2021-01-02');
  });
});
