import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32, type Address } from '../protocol/ids.ts';
import { ORDINARY_CATEGORIES } from '../protocol/vocabulary.ts';
import { rightsOfConsent } from './rightsOfConsent.ts';
import { consentAround } from './test/arbitraryConsent.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const DOCTOR: Address = `0x${'11'.repeat(20)}`;
const NAMED: Address = `0x${'22'.repeat(20)}`;

const care = ['TREAT', 'HPAYMT', 'HOPERAT'];
const purpose = (codes: readonly string[], system = `${HL7}/v3-ActReason`): object => ({
  purpose: codes.map((code) => ({ system, code })),
});
const label = (...codes: readonly string[]): object => ({
  securityLabel: codes.map((code) => ({
    system: `${HL7}/${code.length === 1 ? 'v3-Confidentiality' : 'v3-ActCode'}`,
    code,
  })),
});
const data = (meaning: string, reference: string): object => ({
  data: [{ meaning, reference: { reference } }],
});
const dataPeriod = { dataPeriod: { start: '2022-01-01', end: '2022-12-31' } };
const actor = (reference: string): object => ({
  actor: [
    {
      role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
      reference: { reference },
    },
  ],
});
const permit = (...parts: readonly object[]): object => ({
  type: 'permit',
  ...purpose(care),
  ...Object.assign({}, ...parts),
});
const beside = (type: 'permit' | 'deny', ...parts: readonly object[]): object => ({
  provision: [{ type, ...Object.assign({}, ...parts) }],
});

/** The shapes of provisions that IHE shows in its Privacy Consent on FHIR, and the purposes of what they come to. */
const GIVES: readonly (readonly [string, object, readonly string[]])[] = [
  ['treatment, payment and operations', permit(), care],
  ['the same, signed for an infant', permit(), care],
  ['the same, on paper', permit(), care],
  ['research', permit(purpose(['HRESCH'])), ['HRESCH']],
  ['normal records', permit(label('N')), care],
  ['normal and no restricted records', permit(label('N'), beside('deny', label('R'))), care],
  [
    'nothing but in an emergency',
    { type: 'deny', ...beside('permit', purpose(['BTG']), actor('Group/staff')) },
    ['BTG'],
  ],
  ['what has ended', permit({ period: { end: '2022-12-31' } }), []],
  ['a rejection', { type: 'deny', ...purpose(care) }, []],
];

/** The shapes that no right can say. */
const REFUSED: readonly (readonly [string, object, string])[] = [
  ['the time that data is from', permit(dataPeriod), 'dataPeriod'],
  ['all but that time', permit(beside('deny', dataPeriod)), 'provision[0].dataPeriod'],
  ['an author', permit(data('authoredby', 'Practitioner/1')), 'data[0].meaning'],
  [
    'all but that author',
    permit(beside('deny', data('authoredby', 'Practitioner/1'))),
    'provision[0].data[0]',
  ],
  ['an encounter', permit(data('related', 'Encounter/1')), 'data[0].meaning'],
  [
    'all but that encounter',
    permit(beside('deny', data('related', 'Encounter/1'))),
    'provision[0].data[0]',
  ],
  ['single resources', permit(data('instance', 'Observation/1')), 'data[0].reference.reference'],
  [
    'all but one resource',
    permit(beside('deny', data('instance', 'Observation/1'))),
    'provision[0].data[0]',
  ],
  ['a purpose of others', permit(purpose(['FooBar'], 'http://example.org')), 'purpose[0]'],
  ['restricted records too', permit(label('N', 'R')), 'securityLabel[1]'],
  ...(
    [
      ['restricted records to one', label('R'), actor('Practitioner/1')],
      ['psychiatry to one', label('PSY'), actor('Practitioner/1')],
      ['psychiatry or abuse to one', label('PSY', 'SDV'), actor('Practitioner/1')],
      ['restricted records in an emergency', label('R'), purpose(['BTG']), actor('Group/staff')],
    ] as const
  ).map(
    ([name, ...parts]) =>
      [
        name,
        permit(label('N'), beside('permit', ...parts)),
        'provision[0].securityLabel[0]',
      ] as const,
  ),
];

const READING = {
  handle: ZERO32,
  at: 1_700_000_000,
  until: 1_800_000_000,
  patientNames: ['Patient/1'],
  actors: { 'Group/staff': NAMED, 'Practitioner/1': NAMED },
  everybody: [DOCTOR],
};

describe('a Consent in the form of IHE', () => {
  it('is one of 23 shapes, of which rights can say 9', () => {
    assert.deepEqual([GIVES.length, REFUSED.length], [9, 14]);
  });

  for (const [name, provision, purposes] of GIVES) {
    it(`gives what it says, to those whom its patient names: ${name}`, () => {
      const consent = { ...consentAround(provision), patient: { reference: 'Patient/1' } };
      const read = rightsOfConsent(consent, READING);
      assert.ok('rights' in read, JSON.stringify(read));
      const grantee = name === 'nothing but in an emergency' ? NAMED : DOCTOR;
      assert.deepEqual(
        read.rights,
        purposes.map((each) => ({
          grantee,
          categories: ORDINARY_CATEGORIES,
          actions: ['read'],
          purpose: each,
          until: READING.until,
        })),
      );
    });
  }

  for (const [name, provision, path] of REFUSED) {
    it(`is refused by its path where rights would be wider: ${name}`, () => {
      const consent = { ...consentAround(provision), patient: { reference: 'Patient/1' } };
      const read = rightsOfConsent(consent, READING);
      assert.ok('outcome' in read);
      const paths = read.outcome.issue.flatMap(({ expression = [] }) => expression);
      assert.ok(paths.includes(`Consent.provision.${path}`), paths.join());
    });
  }
});
