import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as forAll, double, property } from 'fast-check';
import { parseFhirJson } from '../../../src/fhir/parseFhirJson.ts';
import { amountOf } from './amountOf.ts';
import { sayFhir } from './sayFhir.ts';
import { englishWords, inEnglish } from './test/englishWords.ts';

describe('an amount', () => {
  it('keeps the digits that its author wrote, and has the point of the language', () => {
    const json = '{"value": 7.10, "unit": "mmol/L", "comparator": "<"}';
    const amount = amountOf(parseFhirJson(new TextEncoder().encode(json)));
    assert.ok(amount !== undefined);
    assert.equal(inEnglish(amount), 'less than 7.10 mmol/L');
    assert.match(sayFhir(amount, { ...englishWords, locale: 'de' }), /7,10 mmol\/L/);
  });

  it('keeps its order on a page that is written from right to left, with all that stands in it', () => {
    const words = { ...englishWords, locale: 'ar' };
    const parts = [132, 82].map((value) => ({ amount: String(value), value, unit: 'mmHg' }));
    const pressure = { parts, joint: ' / ' } as const;
    assert.equal(sayFhir(pressure, words), '\u2066132 mmHg / 82 mmHg\u2069');
    assert.equal(sayFhir('ضغط 132 / 82', words), 'ضغط \u2066132 / 82\u2069');
  });

  // @actor nobody, by a tiny dose | an amount of 0.00000049999999999 mg reads as 0 mg
  it('drops digits after the point that nobody can have measured, and none before it', () => {
    for (const [value, shown] of [
      [79.3572115703311, '79.3572'],
      [0.386899012345678, '0.386899'],
      [123456789.123456, '123456789'],
      [1234567890, '1234567890'],
      [-71.8992123456, '-71.8992'],
      [0.00012, '0.00012'],
      [0.000_000_499_999_999_99, '0.0000005'],
      [-0.000_000_001_234_567_89, '-0.00000000123457'],
      [0, '0'],
    ] as const) {
      assert.equal(amountOf({ value })?.amount, shown);
    }
  });

  // @class an amount is shown near to what its author wrote | reads as another amount, or as zero
  it('is near to what its author wrote, however small: nothing reads as zero that is not', () => {
    forAll(
      property(double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        for (const written of [String(value), value.toFixed(100)]) {
          const json = `{"value": ${written}, "unit": "mg"}`;
          const shown = amountOf(parseFhirJson(new TextEncoder().encode(json)))?.amount ?? '';
          const said = Number(written);
          const off = Math.abs(Number(shown) - said);
          assert.ok(said === 0 ? off === 0 : off <= Math.abs(said) * 1e-5, `${written}: ${shown}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has its unit as people write it', () => {
    for (const [unit, shown] of [
      ['mm[Hg]', 'mmHg'],
      ['Cel', '°C'],
      ['10*3/uL', '10³/µL'],
      ['10*12/L', '10¹²/L'],
      ['kg/m2', 'kg/m²'],
      ['mL/min/{1.73_m2}', 'mL/min/1.73 m²'],
      ['{score}', 'score'],
      ['{beats}/min', 'beats/min'],
      ['{units}/mL', 'units/mL'],
      ['/{HPF}', '/HPF'],
      ['mg/g{creat}', 'mg/g creat'],
      ['10*3/uL{white_cells}', '10³/µL white cells'],
      ['mL{}', 'mL'],
      ['{}', ''],
      ['m[IU]/L', 'mIU/L'],
      ['ug/dL', 'µg/dL'],
      ['beats/minute', 'beats/minute'],
      ['mg/dL', 'mg/dL'],
      ['constructor', 'constructor'],
    ] as const) {
      assert.equal(amountOf({ value: 1, unit })?.unit, shown);
    }
    assert.equal(amountOf({ value: 1, unit: 'm\u202eg{total}' })?.unit, 'm\\u{202e}g total');
    assert.equal(amountOf({ value: 5, code: '%' })?.unit, '%');
    assert.equal(amountOf({ value: 5, currency: 'EUR' })?.unit, 'EUR');
  });

  it('is not made of what has no number', () => {
    for (const value of ['7', Number.NaN, Infinity, null, undefined, {}, [7]]) {
      assert.equal(amountOf({ value }), undefined);
    }
    assert.equal(amountOf({ value: 1, comparator: '<script>' })?.comparator, undefined);
  });
});
