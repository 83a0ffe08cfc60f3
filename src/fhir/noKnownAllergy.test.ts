import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noKnownAllergyIn, SNOMED } from './noKnownAllergy.ts';

function concept(code: string, text?: string, system: string = SNOMED): unknown {
  return { coding: [{ system, code }], ...(text !== undefined && { text }) };
}

describe('a statement that no allergy is known', () => {
  it('is one by its code of SNOMED CT, with its own name or without a text', () => {
    assert.equal(noKnownAllergyIn(concept('716186003')), 'none');
    assert.equal(noKnownAllergyIn(concept('716186003', 'No known allergy')), 'none');
    assert.equal(noKnownAllergyIn(concept('409137002')), 'no-drug');
  });

  // @class an allergy is coded as its absence, so that a page denies it | words that say something else count
  it('is not one if its text says something else, or its code is of another system', () => {
    assert.equal(noKnownAllergyIn(concept('716186003', 'Penicillin')), undefined);
    assert.equal(noKnownAllergyIn(concept('716186003', undefined, 'urn:other')), undefined);
    for (const other of [undefined, null, 'none', [], {}, { coding: 'x' }, concept('91936005')]) {
      assert.equal(noKnownAllergyIn(other), undefined);
    }
  });
});
