import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillForm } from '../../../../src/fhir/forms/fillForm.ts';
import { FILLED } from '../../../../src/fhir/forms/test/arbitraryForm.ts';
import { codesSigned } from './codesSigned.ts';

describe('the codes that are signed with a form', () => {
  it('are those that a person typed, each with its system', () => {
    const allergy = { substance: 'Walnut', code: 'J01CE01' } as const;
    assert.deepEqual(codesSigned(fillForm('allergy', allergy, FILLED)), ['J01CE01 (ATC)']);
    const problem = { problem: 'Back pain', code: '22298006', system: 'SNOMED CT' } as const;
    assert.deepEqual(codesSigned(fillForm('problem', problem, FILLED)), ['22298006 (SNOMED CT)']);
    assert.deepEqual(codesSigned(fillForm('problem', { problem: 'Asthma' }, FILLED)), []);
  });

  it('are those of a statement and of a referral too', () => {
    assert.deepEqual(codesSigned(fillForm('allergy', { known: 'none' }, FILLED)), [
      '716186003 (SNOMED CT)',
    ]);
    const values = { specialty: 'Cardiology', reason: 'Pain', ordered: '2026-03-14T09:30Z' };
    const codes = codesSigned(fillForm('referral', { ...values, code: '394579002' }, FILLED));
    assert.deepEqual(codes, ['3457005 (SNOMED CT)', '394579002 (SNOMED CT)']);
  });
});
