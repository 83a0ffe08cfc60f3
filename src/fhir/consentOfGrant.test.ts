import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { ZERO32, type Address, type Handle } from '../protocol/ids.ts';
import type { Grant } from '../protocol/struct/requests.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../protocol/vocabulary.ts';
import { consentOfGrant } from './consentOfGrant.ts';
import { createValidator } from './createValidator.ts';
import { rightsOfConsent } from './rightsOfConsent.ts';

const handle: Handle = `0x${'ab'.repeat(32)}`;
const grantee: Address = `0x${'11'.repeat(20)}`;
const digest = `0x${'cd'.repeat(32)}` as const;

function grantOf(changed: Partial<Grant['terms']> = {}): Grant {
  const terms = {
    grantee,
    categories: ['laboratory'],
    record: ZERO32,
    read: true,
    add: false,
    amend: false,
    purpose: 'TREAT',
    from: 1_790_000_000,
    until: 1_790_086_400,
    salt: `0x${'00'.repeat(16)}`,
    ...changed,
  } as const;
  return { handle, terms, deadline: 1_790_000_300 };
}

const told = { digest, holds: true, organisation: 'hospital' } as const;

it('a right to read is a Consent in the form of IHE’s profile', () => {
  const HL7 = 'http://terminology.hl7.org/CodeSystem';
  assert.deepEqual(consentOfGrant({ ...told, grant: grantOf() }), {
    resourceType: 'Consent',
    meta: {
      profile: ['https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentAdvanced'],
    },
    identifier: [{ system: 'urn:medseal:grant', value: digest }],
    status: 'active',
    scope: { coding: [{ system: `${HL7}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { identifier: { system: 'urn:medseal:handle', value: handle } },
    dateTime: '2026-09-21T14:13:20Z',
    performer: [{ identifier: { system: 'urn:medseal:handle', value: handle } }],
    organization: [{ identifier: { system: 'urn:medseal:organisation', value: 'hospital' } }],
    sourceReference: { identifier: { system: 'urn:medseal:grant', value: digest } },
    policy: [{ uri: 'urn:medseal:policy:denied-by-default' }],
    provision: {
      type: 'permit',
      period: { start: '2026-09-21T14:13:20Z', end: '2026-09-22T14:13:19Z' },
      actor: [
        {
          role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
          reference: { identifier: { system: 'urn:medseal:party', value: grantee } },
        },
      ],
      securityLabel: [{ system: 'urn:medseal:category', code: 'laboratory' }],
      purpose: [{ system: `${HL7}/v3-ActReason`, code: 'TREAT' }],
    },
  });
});

it('a grant as a Consent is valid FHIR and reads as the same right again', () => {
  const validator = createValidator(loadFhirDefinitions());
  fc.assert(
    fc.property(
      fc.subarray([...CATEGORIES], { minLength: 1 }),
      fc.subarray([...ACTIONS], { minLength: 1 }),
      fc.constantFrom(...PURPOSES),
      fc.boolean(),
      fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }),
      fc.integer({ min: 1, max: 300_000_000 }),
      (categories, actions, purpose, isOne, from, length) => {
        const record = isOne ? (`0x${'77'.repeat(32)}` as const) : ZERO32;
        const until = from + length;
        const may = Object.fromEntries(ACTIONS.map((action) => [action, actions.includes(action)]));
        const grant = grantOf({ categories, purpose, record, from, until, ...may });
        const consent = consentOfGrant({ ...told, grant });
        const read = rightsOfConsent(consent, { handle, at: from - 1 });
        assert.ok('rights' in read, JSON.stringify(read));
        const expected = {
          grantee,
          categories,
          ...(isOne && { record }),
          actions,
          purpose,
          from,
          until,
        };
        assert.deepEqual(read.rights, [expected]);
        if (length % 10 === 0) {
          validator.validateBundle({
            resourceType: 'Bundle',
            type: 'collection',
            entry: [{ resource: consent }],
          });
        }
      },
    ),
  );
});

it('a grant that holds no more is a Consent that gives nothing', () => {
  const consent = consentOfGrant({ ...told, holds: false, grant: grantOf() });
  const read = rightsOfConsent(consent, { handle, at: 1_790_000_000 });
  assert.deepEqual('rights' in read && read.rights, []);
});
