import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import {
  RECORD_TYPE_RULES,
  RECORD_TYPES,
  type RecordType,
} from '../protocol/struct/recordTypes.ts';
import { categorise } from './categorise.ts';
import { makeDocumentReference } from './makeDocumentReference.ts';
import { PROFILES } from './profileTable.ts';
import { recordTypeOf } from './recordTypeOf.ts';
import { requireProfile } from './requireProfile.ts';

const loinc = (code: string): object => ({ coding: [{ system: 'http://loinc.org', code }] });
const subject = { reference: 'Patient/1' };

/** The resource that makes each type, and the Patient beside it. */
const SAMPLES: Readonly<Record<RecordType, readonly object[]>> = {
  medication: [{ resourceType: 'MedicationRequest', medicationReference: {}, subject }],
  report: [{ resourceType: 'DiagnosticReport', subject, issued: '2026-11-01T08:00:00Z' }],
  bill: [{ resourceType: 'Invoice', subject, totalGross: { value: 12 } }],
  policy: [
    { resourceType: 'Coverage', beneficiary: subject, payor: [], period: {}, subscriberId: '7' },
  ],
  birth: [
    { resourceType: 'Composition', type: loinc('71230-7'), subject },
    { resourceType: 'Patient', birthDate: '2026-11-20' },
  ],
  death: [
    { resourceType: 'Composition', type: loinc('64297-5'), subject },
    { resourceType: 'Patient', deceasedDateTime: '2026-11-21T03:00:00Z' },
  ],
};

const entriesOf = (resources: readonly object[]): { resource: object }[] =>
  resources.map((resource) => ({ resource }));

describe('the six types of records', () => {
  for (const type of RECORD_TYPES) {
    const entries = entriesOf(SAMPLES[type]);

    it(`takes a ${type} that has what its profile asks for, sealed under its category`, () => {
      assert.doesNotThrow(() => requireProfile(type, entries));
      assert.equal(recordTypeOf(entries), type);
      assert.equal(categorise(entries[0]?.resource), RECORD_TYPE_RULES[type].category);
    });

    it(`refuses a ${type} without any one of the elements that its profile asks for`, () => {
      const { elements, patient = [] } = PROFILES[type];
      for (const [place, lists] of [elements, patient].entries()) {
        for (const choice of lists) {
          const lacking = structuredClone(SAMPLES[type]) as Record<string, unknown>[];
          for (const element of choice) delete lacking[place]?.[element];
          assert.throws(() => requireProfile(type, entriesOf(lacking)), failsWith('FHIR_INVALID'));
        }
      }
    });

    it(`refuses every other type as a ${type}`, () => {
      for (const other of RECORD_TYPES.filter((each) => each !== type)) {
        const others = entriesOf(SAMPLES[other]);
        assert.throws(() => requireProfile(type, others), failsWith('FHIR_INVALID'), other);
      }
    });

    it(`is told of a document by the type of its DocumentReference: ${type}`, () => {
      const described = { contentType: 'application/pdf', title: 'paper', at: 0, type } as const;
      const resource = makeDocumentReference({ ...described, record: `0x${'5a'.repeat(32)}` });
      assert.equal(recordTypeOf([{ resource }]), type);
    });
  }

  it('is not told by a code of another system, by another resource, or by nothing', () => {
    const type = { coding: [{ system: 'http://example.org', code: '71230-7' }] };
    for (const resource of [
      { resourceType: 'Composition', type },
      { resourceType: 'DocumentReference', type: { coding: 'Invoice' } },
      { resourceType: 'Patient', birthDate: '2026-11-20' },
      { resourceType: 'Observation', type: loinc('71230-7') },
      null,
      undefined,
      'Invoice',
    ]) {
      assert.equal(recordTypeOf([{ resource }]), undefined);
    }
  });

  it('refuses a birth record without the child', () => {
    const [certificate] = SAMPLES.birth;
    assert.ok(certificate);
    assert.throws(
      () => requireProfile('birth', [{ resource: certificate }]),
      failsWith('FHIR_INVALID'),
    );
  });
});
