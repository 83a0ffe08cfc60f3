import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { ZERO32 } from '../protocol/ids.ts';
import {
  doctor,
  HANDLE,
  LOG,
  NOW,
  RECORD,
  sampleBody,
  sampleView,
} from '../protocol/test/sampleEvidence.ts';
import { context, word } from '../protocol/test/sampleNetwork.ts';
import { sign } from '../protocol/struct/signing.ts';
import type { Body } from '../protocol/evidence/evidence.ts';
import type { View } from '../protocol/struct/requests.ts';
import { auditEventOf } from './auditEventOf.ts';
import { auditInFhir } from './auditInFhir.ts';
import { createValidator } from './createValidator.ts';
import { provenanceOfWrite } from './provenanceOfWrite.ts';

const entry = word('entry');
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit';

function viewed(view: Partial<View>, change: Partial<Body> = {}): Body {
  return sampleBody({
    request: sign(context, doctor, 'View', { ...sampleView, ...view }),
    ...change,
  });
}

function asked(what: 'request' | 'grant' | 'decline'): Body {
  const message = {
    log: LOG,
    what,
    handle: HANDLE,
    request: word('request'),
    grant: what === 'grant' ? word('grant') : ZERO32,
    purpose: 'TREAT',
    deadline: NOW + 300,
    salt: `0x${'0d'.repeat(16)}`,
  } as const;
  return sampleBody({ request: sign(context, doctor, 'Ask', message) });
}

const read = viewed({ what: 'record', record: RECORD, version: 2 });
const refused = viewed({ grant: word('grant') }, { flag: 'R', code: 'RIGHT_ENDED' });

describe('an audit in FHIR’s form', () => {
  it('tells of a view the kind and origin of what was read, and the organisation of the reader', () => {
    const origin = { category: 'conditions', author: doctor.address, from: 'laboratory' } as const;
    const { agent, entity } = auditEventOf({ entry, body: read, organisation: 'insurer', origin });
    assert.deepEqual(entity?.[0]?.detail, [
      { type: 'version', valueString: '2' },
      { type: 'category', valueString: 'conditions' },
      { type: 'written by', valueString: doctor.address },
      { type: 'written at', valueString: 'laboratory' },
    ]);
    assert.deepEqual(agent.at(-1), {
      type: { coding: [{ system: `${HL7}/v3-RoleClass`, code: 'PROV' }] },
      who: { identifier: { system: 'urn:medseal:organisation', value: 'insurer' } },
      requestor: false,
    });
  });

  it('tells a view of a record as IHE’s PatientRead', () => {
    assert.deepEqual(auditEventOf({ entry, body: read }), {
      resourceType: 'AuditEvent',
      id: entry.slice(2),
      meta: { profile: [`${BALP}.PatientRead`] },
      type: { system: `${HL7}/audit-event-type`, code: 'rest' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'vread' }],
      action: 'R',
      recorded: '2027-01-15T08:00:00.000Z',
      outcome: '0',
      agent: [
        {
          type: {
            coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110152' }],
          },
          requestor: false,
          who: {
            identifier: { system: 'urn:medseal:party', value: doctor.address },
            display: 'a device of the party',
          },
          network: NETWORK,
        },
        {
          type: {
            coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110153' }],
          },
          requestor: false,
          who: { identifier: { system: 'urn:medseal:organisation', value: 'hospital' } },
          network: NETWORK,
        },
        {
          type: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
          who: { identifier: { system: 'urn:medseal:party', value: doctor.address } },
          requestor: true,
          purposeOfUse: [{ coding: [{ system: `${HL7}/v3-ActReason`, code: 'TREAT' }] }],
        },
      ],
      source: {
        site: LOG,
        observer: { identifier: { system: 'urn:medseal:organisation', value: 'hospital' } },
      },
      entity: [
        {
          what: { identifier: { system: 'urn:medseal:record', value: RECORD } },
          type: { system: `${HL7}/audit-entity-type`, code: '2' },
          role: { system: `${HL7}/object-role`, code: '4' },
          detail: [{ type: 'version', valueString: '2' }],
        },
        {
          type: {
            system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
            code: 'XrequestId',
          },
          what: { identifier: { system: 'urn:medseal:entry', value: entry } },
        },
        {
          what: {
            identifier: { system: 'urn:medseal:handle', value: HANDLE },
            type: 'Patient',
          },
          type: { system: `${HL7}/audit-entity-type`, code: '1' },
          role: { system: `${HL7}/object-role`, code: '1' },
        },
      ],
    });
  });

  it('tells each other access by its own form, and a refusal with its reason', () => {
    const cases: readonly (readonly [Body, string, string, string])[] = [
      [sampleBody(), 'PatientCreate', 'C', 'create'],
      [sampleBody({}, { action: 'amend', version: 2 }), 'PatientUpdate', 'U', 'update'],
      [viewed({ what: 'chart' }), 'PatientQuery', 'E', 'search-type'],
      [viewed({ what: 'audit' }), 'PatientQuery', 'E', 'search-type'],
      [asked('request'), 'PatientCreate', 'C', 'create'],
      [asked('grant'), 'PatientUpdate', 'U', 'update'],
      [asked('decline'), 'PatientUpdate', 'U', 'update'],
      [refused, 'AuthZconsent', 'E', 'AuthZ-Consent'],
    ];
    for (const [body, profile, action, subtype] of cases) {
      const event = auditEventOf({ entry, body });
      assert.deepEqual(event.meta?.profile, [`${BALP}.${profile}`]);
      assert.deepEqual([event.action, event.subtype?.[0]?.code], [action, subtype]);
      assert.equal(event.outcome, body.flag === 'A' ? '0' : '8');
    }
    const told = auditEventOf({ entry, body: refused, organisation: 'laboratory' });
    assert.equal(told.outcomeDesc, 'RIGHT_ENDED');
    const whos = told.agent.map(({ who }) => who?.identifier?.value);
    assert.deepEqual(whos, [doctor.address, doctor.address, 'laboratory', 'hospital']);
    assert.equal(told.entity?.[1]?.what?.identifier?.value, word('grant'));
  });

  it('puts the signed request of a query into it, and no results', () => {
    const body = viewed({ what: 'chart' });
    const [query] = auditEventOf({ entry, body }).entity ?? [];
    const raw = JSON.parse(atob(query?.query ?? '')) as object;
    assert.deepEqual(raw, body.request);
    assert.equal(query?.what, undefined);
  });

  it('has a Provenance for each accepted version, and for nothing else', () => {
    const body = sampleBody({}, { action: 'amend', version: 2, grant: word('grant') });
    const told = provenanceOfWrite({ entry, body, organisation: 'hospital' });
    assert.equal(told.target[0]?.identifier?.value, `${RECORD}/2`);
    assert.equal(told.entity?.[0]?.what?.identifier?.value, `${RECORD}/1`);
    assert.deepEqual(told.policy, [`urn:medseal:grant:${word('grant')}`]);
    assert.equal(told.agent[0]?.onBehalfOf?.identifier?.value, 'hospital');
    const turnedDown = sampleBody({ flag: 'R', code: 'RIGHT_MISSING' });
    for (const wrong of [read, refused, turnedDown]) {
      assert.throws(() => provenanceOfWrite({ entry, body: wrong }), { code: 'ARGUMENT_INVALID' });
    }
    const bundle = auditInFhir(
      [body, read, refused, turnedDown].map((each) => ({ entry, body: each })),
    );
    const kinds = bundle.entry?.map(({ resource }) => resource?.resourceType) ?? [];
    assert.equal(kinds.filter((kind) => kind === 'Provenance').length, 1);
    assert.equal(kinds.length, 5);
  });

  it('is valid FHIR, rights given and ended included, each under a name of its own', () => {
    const bodies = [sampleBody(), read, viewed({}), asked('grant'), refused];
    const rules = (['Granted', 'Revoked'] as const).map((kind) => ({
      kind,
      grant: word('grant'),
      handle: HANDLE,
      patient: doctor.address,
      at: NOW,
      transaction: word('transaction'),
      id: word(kind),
    }));
    const bundle = auditInFhir(
      bodies.map((body, index) => ({ entry: word(`entry ${index}`), body })),
      rules,
    );
    createValidator(loadFhirDefinitions()).validateBundle(bundle);
    const names = bundle.entry?.map(({ fullUrl }) => fullUrl) ?? [];
    assert.equal(new Set(names).size, 8);
    assert.match(
      names[0] ?? '',
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

const NETWORK = {
  extension: [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
      valueCode: 'not-asked',
    },
  ],
};
