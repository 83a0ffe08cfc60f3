import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillForm } from '../../../src/fhir/forms/fillForm.ts';
import type { FormValues } from '../../../src/fhir/forms/FormField.ts';
import { FILLED } from '../../../src/fhir/forms/test/arbitraryForm.ts';
import { allergiesNow, doubtOf } from './allergiesNow.ts';
import { arrangeChart } from './arrangeChart.ts';
import { entriesOf } from './test/entriesOf.ts';
import { inEnglish } from './test/englishWords.ts';

function chartOf(...forms: readonly FormValues[]): ReturnType<typeof arrangeChart> {
  const entries = forms.flatMap((values) => fillForm('allergy', values, FILLED).entry ?? []);
  return arrangeChart(entriesOf(entries.map(({ resource }) => resource)));
}

const told = (...forms: readonly FormValues[]): readonly string[] =>
  allergiesNow(chartOf(...forms)).map(({ title }) => inEnglish(title));

describe('the allergies that count now', () => {
  it('leave out what is refuted, resolved or inactive, and keep what is not confirmed', () => {
    const kept = told(
      { substance: 'Latex', certainty: 'refuted' },
      { substance: 'Egg', status: 'resolved' },
      { substance: 'Milk', status: 'inactive' },
      { substance: 'Walnut', certainty: 'unconfirmed' },
    );
    assert.deepEqual(kept, ['Walnut']);
  });

  it('do not say that no allergy is known beside one that is', () => {
    assert.deepEqual(told({ known: 'none' }, { substance: 'Latex', group: 'food' }), ['Latex']);
    assert.deepEqual(told({ known: 'no-drug' }, { substance: 'Penicillin' }), ['Penicillin']);
    const medicine = { substance: 'Penicillin', group: 'medication' } as const;
    assert.deepEqual(told(medicine, { known: 'no-drug' }), ['Penicillin']);
  });

  it('say it if no allergy counts, or of medicines beside an allergen that is not one', () => {
    const none = told({ known: 'none' }, { substance: 'Latex', certainty: 'refuted' });
    assert.deepEqual(none, ['No known allergy']);
    const others = told({ known: 'no-drug' }, { substance: 'Pollen', group: 'environment' });
    assert.deepEqual(others.toSorted(), ['No known allergy to medicines', 'Pollen']);
  });

  it('tell the certainty of those that somebody doubts alone', () => {
    const { allergies } = chartOf(
      { substance: 'Latex', certainty: 'refuted' },
      { substance: 'Egg', certainty: 'unconfirmed' },
      { substance: 'Milk' },
    );
    const doubted = allergies.filter((item) => doubtOf(item).length > 0);
    assert.deepEqual(
      doubted.map(({ title }) => title),
      ['Latex', 'Egg'],
    );
  });
});
