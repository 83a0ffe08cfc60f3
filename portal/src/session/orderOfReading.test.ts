import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../src/client/index.ts';
import { ZERO32 } from '../../../src/protocol/ids.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { orderOfReading } from './orderOfReading.ts';

interface Told {
  readonly category?: Category;
  readonly at?: number;
  readonly size?: number;
  readonly version?: number;
  readonly author?: string;
  readonly about?: string;
}

/** A listed version; its place in the log is its moment. */
function listed(name: string, told: Told = {}): ChartRecord {
  const { category = 'other', at = 0, size = 100, version = 1, author = 'doctor' } = told;
  const { about = ZERO32 } = told;
  const acknowledgement = { log: 'care/hospital', index: at };
  return { record: name, category, at, size, version, author, about, acknowledgement } as never;
}
const names = (records: readonly ChartRecord[]): readonly string[] =>
  records.map(({ record }) => record);

describe('the order in which a chart is opened', () => {
  it('begins with what a clinician needs first, of each kind the newest', () => {
    const { now } = orderOfReading([
      listed('bill', { category: 'billing', at: 90_000 }),
      listed('old allergy', { category: 'allergies', at: 10_000 }),
      listed('new allergy', { category: 'allergies', at: 50_000 }),
      listed('problem', { category: 'conditions', at: 70_000 }),
    ]);
    assert.deepEqual(names(now), ['new allergy', 'old allergy', 'problem', 'bill']);
  });

  it('takes only the newest version of each record', () => {
    const { now } = orderOfReading([listed('note'), listed('note', { version: 2, at: 5 })]);
    assert.deepEqual(
      now.map(({ version }) => version),
      [2],
    );
  });

  it('leaves an objection to the record that it is about', () => {
    const { now, after, large } = orderOfReading([listed('note'), listed('no', { about: 'note' })]);
    assert.deepEqual(names([...now, ...after, ...large]), ['note']);
  });

  it('leaves what may be the file of a document until the document has been opened', () => {
    const { now, after } = orderOfReading([
      listed('file', { at: 10 }),
      listed('document', { at: 12 }),
      listed('later', { at: 5000 }),
      listed('of another', { at: 13, author: 'nurse' }),
      listed('of another kind', { at: 14, category: 'billing' }),
    ]);
    assert.deepEqual(names(after), ['file']);
    assert.deepEqual(names(now), ['later', 'of another kind', 'of another', 'document']);
  });

  it('opens nothing large before somebody asks', () => {
    const { now, after, large } = orderOfReading([
      listed('scan', { size: 3 * 2 ** 20 }),
      listed('small'),
    ]);
    assert.deepEqual([names(now), names(after), names(large)], [['small'], [], ['scan']]);
  });
});
