import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formsOf } from './formAuthors.ts';
import { FORM_NAMES } from './formNames.ts';

describe('the forms of a role', () => {
  it('are all of a doctor, those that order nothing of others who treat, and none of anybody else', () => {
    const others = FORM_NAMES.filter((name) => name !== 'order' && name !== 'referral');
    assert.deepEqual(formsOf('doctor'), FORM_NAMES);
    for (const role of ['nurse', 'pharmacist', 'lab'] as const) {
      assert.deepEqual(formsOf(role), others, role);
    }
    for (const role of ['patient', 'insurer', 'registrar', undefined] as const) {
      assert.deepEqual(formsOf(role), [], role);
    }
  });

  it('are of patients, on their own chart, allergies and vital signs', () => {
    assert.deepEqual(formsOf('own'), ['allergy', 'vital-signs']);
  });
});
