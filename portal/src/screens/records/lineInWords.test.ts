import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../../src/client/index.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { englishWords } from '../../fhir/test/englishWords.ts';
import { observation } from '../../fhir/test/resources.ts';
import type { Words } from '../../words/useWords.tsx';
import { lineInWords, type LineWords } from './lineInWords.ts';
import type { RecordLine } from './recordLines.ts';

const words = {
  ...englishWords,
  say: (key: string, values: Readonly<Record<string, string | number>> = {}) =>
    key.startsWith('fhir.')
      ? englishWords.say(key as Parameters<typeof englishWords.say>[0], values)
      : [key, ...Object.values(values)].join(' '),
} as unknown as Words;

function said(resources: readonly unknown[], more: Partial<RecordLine> = {}): LineWords {
  const entries = resources.map((resource) => ({ bundle: 'a', resource }));
  return lineInWords(
    {
      record: { category: 'laboratory', version: 1 } as ChartRecord,
      state: 'open',
      items: arrangeChart(entries).all,
      results: [],
      when: { date: '2025-03-04', precision: 'day', at: Date.UTC(2025, 2, 4) },
      ...more,
    },
    words,
  );
}

describe('the line of a record', () => {
  const range = { referenceRange: [{ low: { value: 1 }, high: { value: 2 } }] };
  const measured = ['a', 'b', 'c', 'd'].map((code, place) =>
    observation(code, place, 'g', '2025-03-04', range),
  );

  it('tells the first of many values, how many there are and how many are out of their range', () => {
    const { title, values, count, odd, names } = said(measured);
    assert.equal(title, 'common.category-laboratory');
    assert.deepEqual(
      values.map(({ name, amount }) => `${name}: ${amount}`),
      ['Test a: 0 g', 'Test b: 1 g', 'Test c: 2 g'],
    );
    assert.deepEqual([count, odd], [4, 2]);
    assert.equal(names, 'records.and-more Test a, Test b, Test c 1');
  });

  it('does not tell a value that its author took back, but that it is so', () => {
    const { count, fact } = said([{ ...measured[0], status: 'entered-in-error' }]);
    assert.deepEqual([count, fact], [0, 'entered in error']);
  });

  it('has what is important about the one thing that it holds, and no title of those whom it names', () => {
    const dose = { dosageInstruction: [{ text: 'One in the morning' }] };
    const order = { resourceType: 'MedicationRequest', medicationCodeableConcept: { text: 'A' } };
    const doctor = { resourceType: 'Practitioner', name: [{ text: 'B' }] };
    const { title, fact } = said([{ ...order, ...dose }, doctor]);
    assert.deepEqual([title, fact], ['A', 'One in the morning']);
    assert.equal(said([doctor]).title, 'B');
  });

  it('has its kind in place of a title that is not known, or what the device remembers', () => {
    const kind = 'common.category-laboratory';
    assert.equal(said([], { state: 'reading' }).title, kind);
    assert.equal(said([], { state: 'reading', known: '' }).title, kind);
    assert.equal(said([], { state: 'large', known: 'Scan' }).title, 'Scan');
    assert.equal(said([], { state: 'erased', known: 'Scan' }).title, 'records.erased');
    assert.equal(said([]).title, 'records.file');
    assert.equal(said([], { state: 'reading' }).names, undefined);
  });

  it('is found by all titles in it, its kind and its date', () => {
    const { searched } = said(measured);
    for (const text of ['Test d', 'category-laboratory', '2025-03-04']) {
      assert.ok(searched.includes(text), text);
    }
  });
});
