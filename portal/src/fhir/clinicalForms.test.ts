import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertAll, property } from 'fast-check';
import { fillForm } from '../../../src/fhir/forms/fillForm.ts';
import type { FormValues } from '../../../src/fhir/forms/FormField.ts';
import type { FormName } from '../../../src/fhir/forms/formNames.ts';
import { arbitraryForm, FILLED } from '../../../src/fhir/forms/test/arbitraryForm.ts';
import type { ArrangedChart, ChartItem } from './ArrangedChart.ts';
import { arrangeChart } from './arrangeChart.ts';
import { shownText } from './shownText.ts';
import { entriesOf } from './test/entriesOf.ts';
import { inEnglish } from './test/englishWords.ts';
import { observation } from './test/resources.ts';

function drawn(name: FormName, values: FormValues): ArrangedChart {
  const { entry = [] } = fillForm(name, values, FILLED);
  return arrangeChart(entriesOf(entry.map(({ resource }) => resource)));
}

/** Facts of an item as a person reads them. */
function read({ title, when, facts }: ChartItem): string {
  const told = facts.map(({ label, values }) => [label, ...values].map(inEnglish).join(' '));
  return [inEnglish(title), ...(when ? [inEnglish(when)] : []), ...told].join('; ');
}

/** Names of the vital signs that are a value of their own. */
const MEASURED = [
  'systolic',
  'diastolic',
  'pulse',
  'temperature',
  'oxygen',
  'breathing',
  'weight',
  'height',
] as const;

describe('what a clinical form makes', () => {
  it('stands in the list of its kind, under the words of its author and with a date', () => {
    assertAll(
      property(arbitraryForm, ({ name, values }) => {
        const { problems, allergies, immunizations, vitals, others } = drawn(name, values);
        const isOrder = name === 'order' || name === 'referral';
        assert.equal(others.length, isOrder ? 1 : 0);
        if (name === 'vital-signs') {
          const given = MEASURED.filter((each) => values[each] !== undefined);
          assert.equal(vitals.length, given.length);
          for (const { points } of vitals) {
            assert.ok(given.some((each) => values[each] === points[0]?.amount.amount));
            assert.ok(points[0]?.when !== undefined);
          }
          return;
        }
        const [item, ...more] = [...problems.active, ...problems.resolved, ...allergies].concat(
          immunizations,
          others,
        );
        assert.ok(item !== undefined && more.length === 0);
        assert.ok(item.when !== undefined);
        const { substance, problem, vaccine, service, specialty, known } = values;
        const words = (substance ?? problem ?? vaccine ?? service ?? specialty ?? '')
          .trim()
          .replaceAll('\t', ' ');
        if (known === undefined || known === 'allergy') {
          assert.equal(item.title, shownText(words));
        }
      }),
    );
  });

  it('is read so: an allergy', () => {
    const values = { substance: 'Penicillin', criticality: 'high', reaction: 'Rash' } as const;
    const [item] = drawn('allergy', { ...values, severity: 'severe' }).allergies;
    assert.equal(
      read(item ?? assert.fail()),
      'Penicillin; Sep 21, 2026; Status active; Certainty confirmed; Risk high; Reactions Rash; Severity severe; Recorded Sep 21, 2026',
    );
  });

  it('is read so: that no allergy is known, in the words of the reader’s language', () => {
    const [item] = drawn('allergy', { known: 'no-drug' }).allergies;
    assert.deepEqual(item?.title, { word: 'fhir.allergy_no-drug' });
  });

  it('is read so: a problem that is over', () => {
    const values = { problem: 'Asthma', status: 'resolved', began: '2010', ended: '2019-06' };
    const { problems } = drawn('problem', values);
    const [item] = problems.resolved;
    assert.match(
      read(item ?? assert.fail()),
      /^Asthma; 2010; Status resolved; Certainty confirmed; Began 2010; Ended June 2019; /,
    );
  });

  it('is read so: a vaccination', () => {
    const values = { vaccine: 'Influenza', given: '2025-10-03', lot: 'A1', dose: '2' };
    const [item] = drawn('vaccination', values).immunizations;
    assert.equal(
      read(item ?? assert.fail()),
      'Influenza; Oct 3, 2025; Status completed; Given Oct 3, 2025; Number of the dose 2; Lot A1',
    );
  });

  it('continues the series of a device that measured the same', () => {
    const { entry = [] } = fillForm(
      'vital-signs',
      { measured: '2026-03-14T09:30Z', pulse: '72' },
      FILLED,
    );
    const valueQuantity = { value: 71, unit: 'beats/minute', code: '/min' };
    const other = { ...observation('8867-4', 71, '', '2026-03-13'), valueQuantity };
    const { vitals } = arrangeChart(entriesOf([entry[0]?.resource, other]));
    assert.deepEqual(
      vitals.map(({ points }) => points.map(({ amount }) => amount.amount)),
      [['72', '71']],
    );
  });

  it('is read so: a referral', () => {
    const values = { specialty: 'Cardiology', reason: 'Chest pain', ordered: '2026-03-14T09:30Z' };
    const [item] = drawn('referral', values).others;
    assert.match(
      read(item ?? assert.fail()),
      /^Cardiology; Mar 14, 2026, .*; Status active; Intent order; Priority routine; Reason Chest pain$/,
    );
  });

  it('is read so: both values of a blood pressure under one name, and a temperature with its digits', () => {
    const values = { measured: '2026-03-14T09:30Z', systolic: '120', diastolic: '80' };
    const { vitals } = drawn('vital-signs', { ...values, temperature: '37,0' });
    assert.deepEqual(
      vitals.map(({ title, group, points: [point] }) =>
        [group?.title ?? '', title, point?.amount ?? ''].map(inEnglish),
      ),
      [
        ['Blood pressure', 'Systolic blood pressure', '120 mmHg'],
        ['Blood pressure', 'Diastolic blood pressure', '80 mmHg'],
        ['', 'Body temperature', '37.0 °C'],
      ],
    );
  });
});
