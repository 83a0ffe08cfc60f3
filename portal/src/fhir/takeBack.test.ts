import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anything, assert as forAll, property } from 'fast-check';
import { bundleAround } from '../../../src/fhir/bundleAround.ts';
import { isTakenBack } from '../../../src/fhir/clinicalState.ts';
import { fhirValidator } from './fhirValidator.ts';
import { takeBack } from './takeBack.ts';
import { concept, HL7, observation } from './test/resources.ts';

const subject = { display: 'Somebody' };

describe('a resource that was entered in error', () => {
  it('is valid FHIR, says so, and keeps everything else', () => {
    const active = concept(`${HL7}/condition-clinical`, 'active');
    const calm = concept(`${HL7}/allergyintolerance-clinical`, 'active');
    const all = [
      { resourceType: 'Condition', subject, clinicalStatus: active, code: { text: 'Asthma' } },
      {
        resourceType: 'AllergyIntolerance',
        patient: subject,
        clinicalStatus: calm,
        code: { text: 'Nuts' },
      },
      { ...observation('8867-4', 72, '/min', '2026-01-02'), subject },
    ];
    for (const resource of all) {
      const marked = takeBack(resource) ?? assert.fail();
      assert.ok(isTakenBack(marked));
      const { code } = resource as { readonly code?: unknown };
      assert.deepEqual(marked['code'], code);
      const around = bundleAround(marked as { readonly resourceType: unknown });
      fhirValidator().validateBundle(around);
    }
  });

  it('cannot be one that has no such mark, or has it', () => {
    assert.equal(takeBack({ resourceType: 'Patient', name: [] }), undefined);
    const marked = takeBack(observation('8867-4', 72, '/min', '2026-01-02'));
    assert.equal(takeBack(marked), undefined);
  });

  it('may be anything', () => {
    forAll(property(anything(), (value) => takeBack(value) === undefined || true));
  });
});
