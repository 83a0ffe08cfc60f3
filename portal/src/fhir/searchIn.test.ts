import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeResource } from './describeResource.ts';
import { searchIn } from './searchIn.ts';
import { englishWords, inEnglish } from './test/englishWords.ts';
import { observation } from './test/resources.ts';

describe('a search', () => {
  const items = [
    { resourceType: 'Condition', code: { text: 'Ménière’s disease' }, onsetDateTime: '2021-04-05' },
    { resourceType: 'AllergyIntolerance', code: { text: 'Latex' }, criticality: 'high' },
    {
      resourceType: 'Observation',
      code: { text: 'Glucose' },
      valueQuantity: { value: 5.4, unit: 'mmol/L' },
    },
  ].map((resource) => describeResource(resource));
  const index = searchIn(items, englishWords);
  const found = (text: string): readonly string[] =>
    index.find(text).map(({ title }) => inEnglish(title));

  it('finds every word that people see, whatever its capitals, accents and order', () => {
    assert.deepEqual(found('MENIERE'), ['Ménière’s disease']);
    assert.deepEqual(found('disease apr'), ['Ménière’s disease']);
    assert.deepEqual(found('2021-04-05'), ['Ménière’s disease']);
    assert.deepEqual(found('high allergy'), ['Latex']);
    assert.deepEqual(found('5.4 mmol'), ['Glucose']);
    assert.equal(found('  ').length, 3);
    assert.deepEqual(found('latex glucose'), []);
    assert.deepEqual(found('.*'), []);
  });

  it('finds one among 500 records', () => {
    const many = Array.from({ length: 500 }, (_, at) =>
      describeResource(observation(String(at), at, 'mg/dL', '2024-01-01')),
    );
    const large = searchIn(many, englishWords);
    assert.equal(large.find('test 499').length, 1);
  });
});
