import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertAll, constantFrom, property, record, string } from 'fast-check';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { createValidator } from '../createValidator.ts';
import { fieldOf } from '../fieldOf.ts';
import { recordsReferred } from '../orders/recordReference.ts';
import { splitBundle } from '../splitBundle.ts';
import { writeFhirJson } from '../writeFhirJson.ts';
import { readReport, type ReportFault, type ReportValues } from './reportForm.ts';
import { FILLED } from './test/arbitraryForm.ts';

const validator = createValidator(loadFhirDefinitions());
const ORDER = {
  record: `0x${'0d'.repeat(32)}`,
  request: {
    code: { text: 'Blood count', coding: [{ system: 'http://loinc.org', code: '58410-2' }] },
  },
} as const;
const CONTEXT = { ...FILLED, order: ORDER };
const TAKEN = '2026-03-14T09:30Z';
const HB = { test: 'Haemoglobin', value: '13,40', unit: 'g/dL', low: '12', high: '16' };

function faultsOf(values: ReportValues): readonly ReportFault[] {
  return readReport(values, CONTEXT).faults;
}

function resourcesOf(...results: ReportValues['results']): readonly unknown[] {
  const { bundle = assert.fail() } = readReport({ report: { taken: TAKEN }, results }, CONTEXT);
  const { entry = [] } = validator.validateBundle(bundle);
  return entry.map(({ resource }) => resource);
}

describe('the report of an order', () => {
  it('is a DiagnosticReport that FHIR R4 takes, based on the order by its record, with what was ordered and its author', () => {
    const [report, observation] = resourcesOf(HB);
    assert.deepEqual(recordsReferred(fieldOf(report, 'basedOn')), [{ record: ORDER.record }]);
    assert.deepEqual(fieldOf(report, 'code'), ORDER.request.code);
    for (const each of [report, observation]) {
      const value = FILLED.author;
      const performer = [{ identifier: { system: 'urn:medseal:party', value } }];
      assert.deepEqual(fieldOf(each, 'performer'), performer);
    }
  });

  it('keeps the digits that were typed, and says what the range says of them', () => {
    const { bundle = assert.fail() } = readReport(
      { report: { taken: TAKEN }, results: [HB] },
      CONTEXT,
    );
    assert.match(writeFhirJson(bundle), /"value":\s*13\.40/);
    const said = (change: object): unknown => {
      const [, observation] = resourcesOf({ ...HB, ...change });
      return fieldOf(
        (
          fieldOf(observation, 'interpretation') as { coding: { code: string }[] }[] | undefined
        )?.[0]?.coding[0],
        'code',
      );
    };
    assert.deepEqual(
      ['9', '13', '18', '<12', '<20', '>16', '-1'].map((value) => said({ value })),
      ['L', 'N', 'H', undefined, undefined, undefined, 'L'],
    );
    assert.equal(said({ value: '18', interpretation: 'HH' }), 'HH');
    assert.equal(said({ value: 'seen', unit: '', low: '', high: '' }), undefined);
  });

  it('is of two parts: the report, and what was measured', () => {
    const { bundle = assert.fail() } = readReport(
      { report: { taken: TAKEN }, results: [HB] },
      CONTEXT,
    );
    const parts = splitBundle(validator.validateBundle(bundle), { set: '0x' });
    assert.deepEqual(
      parts.map(({ category }) => category),
      ['reports', 'laboratory'],
    );
  });

  it('is the same of the same values, and names of other results differ', () => {
    const values = { report: { taken: TAKEN }, results: [HB, { ...HB, test: 'Sodium' }, HB] };
    const [one, again] = [readReport(values, CONTEXT), readReport(values, CONTEXT)];
    assert.deepEqual(one, again);
    const names = one.bundle?.entry?.map(({ fullUrl }) => fullUrl) ?? [];
    assert.equal(new Set(names).size, 4);
  });

  it('is not taken without a result or a conclusion, and tells each fault with the place of its result', () => {
    const report = { taken: TAKEN };
    const empty = { test: '', value: ' ', system: 'LOINC' };
    assert.deepEqual(faultsOf({ report, results: [empty] })[0], {
      field: 'value',
      fault: 'nothing',
      result: 0,
    });
    assert.deepEqual(
      faultsOf({ report: { ...report, conclusion: 'None.' }, results: [empty] }),
      [],
    );
    const wrong: readonly (readonly [object, string, string])[] = [
      [{ value: '' }, 'value', 'missing'],
      [{ value: 'much' }, 'value', 'not-a-number'],
      [{ low: 'some' }, 'low', 'not-a-number'],
      [{ high: '<9' }, 'high', 'not-a-number'],
      [{ high: '9' }, 'high', 'too-low'],
      [{ code: '718-8', system: 'LOINC' }, 'code', 'not-a-code'],
      [{ interpretation: 'X' }, 'interpretation', 'not-listed'],
      [{ test: 'Hb\u202e' }, 'test', 'hidden'],
    ];
    for (const [change, field, fault] of wrong) {
      const [found] = faultsOf({ report, results: [empty, { ...HB, ...change }] });
      assert.deepEqual([found?.result, found?.field, found?.fault], [1, field, fault]);
    }
    assert.equal(
      faultsOf({ report, results: Array.from({ length: 61 }, () => HB) })[0]?.fault,
      'too-long',
    );
    assert.equal(
      faultsOf({ report: { taken: '2999-01-01T00:00Z' }, results: [HB] })[0]?.fault,
      'too-late',
    );
  });

  // @class a text of any kind is typed into a report | each field refuses it by name, and what is taken is valid FHIR
  it('is a fault or a valid bundle, for any texts', () => {
    const text = constantFrom('', '13', '<0.5', 'negative', '1e9', '\0', 'HH', '718-7', '١٣');
    const row = record({
      test: string({ maxLength: 20 }),
      value: text,
      unit: text,
      low: text,
      code: text,
    });
    assertAll(
      property(row, text, (result, conclusion) => {
        const read = readReport(
          { report: { taken: TAKEN, conclusion }, results: [result] },
          CONTEXT,
        );
        if (read.bundle !== undefined) validator.validateBundle(read.bundle);
        assert.equal(read.bundle === undefined, read.faults.length > 0);
      }),
      { numRuns: 60 },
    );
  });

  it('takes what was ordered as words and codes alone, whatever stands there', () => {
    for (const request of [undefined, null, 'x', { code: 7 }, { code: { text: 8, coding: 'x' } }]) {
      const context = { ...FILLED, order: { ...ORDER, request } };
      const { bundle = assert.fail() } = readReport(
        { report: { taken: TAKEN }, results: [HB] },
        context,
      );
      validator.validateBundle(bundle);
    }
  });
});
