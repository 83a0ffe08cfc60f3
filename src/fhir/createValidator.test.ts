// Over 400 lines: one table of everything that is refused, beside what is taken.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { createValidator } from './createValidator.ts';
import { DEMO_PATIENTS } from '../../demo/charts/demoPatients.ts';
import { makeDemoBundle } from '../../demo/charts/makeDemoBundle.ts';
import { partToBundle } from './partToBundle.ts';
import { splitBundle } from './splitBundle.ts';
import { syntheaAbsent, syntheaPatients } from './test/synthea.ts';
import type { Validator } from './Validator.ts';

/** Stands for a patient's values; no message may hold any of it. */
const SECRET = 'Zebulon-Quirk';

interface Draft {
  [field: string]: unknown;
}

/** A valid bundle of two resources; each case spoils a copy. */
function draft(): { bundle: Draft & { entry: Draft[] }; patient: Draft } {
  const patient: Draft = {
    resourceType: 'Patient',
    name: [{ family: SECRET }],
    birthDate: '1970-01-01',
  };
  const entry: Draft[] = [
    {
      fullUrl: 'urn:uuid:3d0f7b1c-61a4-4f6c-9d39-0c5f0a4b7e11',
      resource: { resourceType: 'Basic', code: { text: SECRET } },
    },
    { fullUrl: 'urn:uuid:3d0f7b1c-61a4-4f6c-9d39-0c5f0a4b7e12', resource: patient },
  ];
  return { bundle: { resourceType: 'Bundle', type: 'collection', entry }, patient };
}

const AT = 'Bundle.entry[1].resource';
const spoilt: [string, (parts: ReturnType<typeof draft>) => void, string][] = [
  [
    'a value of the wrong format',
    ({ patient }) => (patient['birthDate'] = SECRET),
    `${AT}.birthDate: invalid date format`,
  ],
  [
    'a day that no month has',
    ({ patient }) => (patient['birthDate'] = '2023-02-30'),
    `${AT}.birthDate: invalid date value`,
  ],
  [
    'a value of the wrong type',
    ({ patient }) => (patient['name'] = [{ family: 3 }]),
    `${AT}.name[0].family: invalid JSON type: expected string, but got number`,
  ],
  [
    'one value where there must be several',
    ({ patient }) => (patient['name'] = SECRET),
    `${AT}.name: expected array of values for property`,
  ],
  [
    'a null',
    ({ patient }) => (patient['name'] = [{ family: null }]),
    `${AT}.name[0].family: invalid null value`,
  ],
  [
    'an unknown element',
    ({ patient }) => (patient[SECRET] = 1),
    `${AT}.?: is not an element of R4`,
  ],
  [
    'a null below an unknown element',
    ({ patient }) => (patient[SECRET] = { [SECRET]: null }),
    `${AT}.?.?: invalid null value`,
  ],
  [
    'a choice of an unknown type',
    ({ patient }) => (patient[`deceased${SECRET}`] = 1),
    `${AT}.?: is not an element of R4`,
  ],
  [
    'an unknown element beside a primitive',
    ({ patient }) => (patient['_birthDate'] = { [SECRET]: 1 }),
    `${AT}.birthDate.?: is not an element of R4`,
  ],
  [
    'a broken invariant',
    ({ patient }) => (patient['contact'] = [{ gender: 'female' }]),
    `${AT}.contact[0]: breaks the invariant pat-1`,
  ],
  [
    'a missing element',
    ({ patient }) => (patient['link'] = [{ type: 'refer' }]),
    `${AT}.link[0].other: missing required property`,
  ],
  [
    'a resource of no type of R4',
    ({ patient }) => (patient['resourceType'] = SECRET),
    `${AT}: is not a resource of R4`,
  ],
  [
    'a resource of a type that every object has',
    ({ patient }) => (patient['resourceType'] = 'constructor'),
    `${AT}: is not a resource of R4`,
  ],
  [
    'a resource without type',
    ({ patient }) => delete patient['resourceType'],
    `${AT}: is not a resource of R4`,
  ],
  [
    'a contained resource of no type',
    ({ patient }) => (patient['contained'] = [{ id: SECRET }]),
    `${AT}.contained[0]: is not a resource of R4`,
  ],
  [
    'a resource that is a text',
    ({ bundle }) => (bundle.entry[1] = { resource: SECRET }),
    `${AT}: is not a resource of R4`,
  ],
  [
    'a resource in a bundle within',
    ({ bundle }) =>
      (bundle.entry[1] = {
        resource: {
          resourceType: 'Bundle',
          type: 'collection',
          entry: [{ resource: { resourceType: SECRET } }],
        },
      }),
    `${AT}.entry[0].resource: is not a resource of R4`,
  ],
  [
    'an entry without resource',
    ({ bundle }) => (bundle.entry[1] = { fullUrl: 'urn:oid:1.2' }),
    'Bundle.entry[1]: breaks the invariant bdl-5',
  ],
  [
    'an entry that is a text',
    ({ bundle }) => Object.assign(bundle, { entry: [SECRET] }),
    'Bundle.entry[0]: breaks the invariant bdl-5',
  ],
  [
    'entries that are a text',
    ({ bundle }) => Object.assign(bundle, { entry: SECRET }),
    'Bundle.entry: expected array of values for property',
  ],
  [
    'entries that are an empty object',
    ({ bundle }) => Object.assign(bundle, { entry: {} }),
    'Bundle.entry: expected array of values for property',
  ],
  [
    'one address twice',
    ({ bundle }) => bundle.entry.push({ ...bundle.entry[0] }),
    'Bundle: breaks the invariant bdl-7',
  ],
  [
    'a bundle without type',
    ({ bundle }) => delete bundle['type'],
    'Bundle: breaks the invariant bdl-3',
  ],
  [
    'a broken invariant of a data type',
    ({ patient }) => (patient['identifier'] = [{ period: { start: '2020', end: '2010' } }]),
    `${AT}.identifier[0].period: breaks the invariant per-1`,
  ],
  [
    'a broken invariant of a resource that another contains',
    ({ patient }) =>
      (patient['contained'] = [{ resourceType: 'Organization', id: 'o', active: true }]),
    `${AT}.contained[0]: breaks the invariant org-1`,
  ],
  [
    'a reference to what is contained elsewhere',
    ({ bundle, patient }) => {
      Object.assign(bundle.entry[0]?.['resource'] as Draft, {
        contained: [{ resourceType: 'Organization', id: 'o', name: SECRET }],
      });
      patient['managingOrganization'] = { reference: '#o' };
    },
    `${AT}.managingOrganization: breaks the invariant ref-1`,
  ],
  [
    'a broken invariant in what extends a value',
    ({ patient }) =>
      (patient['_birthDate'] = {
        extension: [{ url: 'urn:x', valueQuantity: { value: 1, code: 'kg' } }],
      }),
    `${AT}.birthDate.extension[0].valueQuantity: breaks the invariant qty-3`,
  ],
  [
    'an id that cannot stand in an address',
    ({ patient }) => (patient['id'] = `${SECRET}_1`),
    `${AT}.id: invalid id format`,
  ],
  [
    'an id that is too long',
    ({ patient }) => (patient['id'] = 'a'.repeat(65)),
    `${AT}.id: invalid id format`,
  ],
  ['an empty list', ({ patient }) => (patient['name'] = []), `${AT}.name: invalid empty value`],
  [
    'an empty text',
    ({ patient }) => (patient['name'] = [{ family: '' }]),
    `${AT}.name[0].family: invalid empty value`,
  ],
  [
    'an empty object',
    ({ patient }) => (patient['maritalStatus'] = {}),
    `${AT}.maritalStatus: invalid empty value`,
  ],
  [
    'an empty list of what is contained',
    ({ patient }) => (patient['contained'] = []),
    `${AT}.contained: invalid empty value`,
  ],
  [
    'two types of one value',
    ({ patient }) => Object.assign(patient, { deceasedBoolean: true, deceasedDateTime: '2020' }),
    `${AT}: conflicting choice of type properties`,
  ],
  [
    'a value of one type that extends another',
    ({ patient }) =>
      Object.assign(patient, {
        deceasedBoolean: true,
        _deceasedDateTime: { extension: [{ url: 'urn:x', valueString: SECRET }] },
      }),
    `${AT}: conflicting choice of type properties`,
  ],
  [
    'two types of one value in an extension',
    ({ patient }) =>
      (patient['extension'] = [{ url: 'urn:x', valueString: SECRET, valueInteger: 1 }]),
    `${AT}.extension[0]: conflicting choice of type properties`,
  ],
  [
    'a narrative that runs something',
    ({ patient }) => (patient['text'] = narrative(`<p onclick="${SECRET}">a</p>`)),
    `${AT}.text: breaks the invariant txt-1`,
  ],
  [
    'a narrative of a section that runs something',
    ({ bundle }) =>
      (bundle.entry[1] = {
        resource: {
          resourceType: 'Composition',
          status: 'final',
          type: { text: SECRET },
          date: '2020',
          author: [{ display: SECRET }],
          title: SECRET,
          section: [{ text: narrative(`<a href="javascript:${SECRET}">a</a>`) }],
        },
      }),
    `${AT}.section[0].text: breaks the invariant txt-1`,
  ],
  [
    'a narrative that runs something in a bundle that a resource contains',
    ({ bundle }) =>
      (bundle.entry[1] = {
        resource: {
          resourceType: 'List',
          status: 'current',
          mode: 'working',
          contained: [{ ...activeBundle(), id: 'b' }],
          entry: [{ item: { reference: '#b' } }],
        },
      }),
    `${AT}.contained[0].entry[0].resource.text: breaks the invariant txt-1`,
  ],
  [
    'one in a bundle that is a parameter',
    ({ bundle }) =>
      (bundle.entry[1] = {
        resource: {
          resourceType: 'Parameters',
          parameter: [{ name: 'a', resource: activeBundle() }],
        },
      }),
    `${AT}.parameter[0].resource.entry[0].resource.text: breaks the invariant txt-1`,
  ],
  [
    'a narrative without anything to read',
    ({ patient }) => (patient['text'] = narrative(' ')),
    `${AT}.text: breaks the invariant txt-2`,
  ],
  [
    'an address that is extended by what R4 does not have',
    ({ bundle }) => Object.assign(bundle.entry[1] ?? {}, { _fullUrl: { [SECRET]: 1 } }),
    'Bundle.?: is not an element of R4',
  ],
  [
    'content nested beyond any depth',
    ({ patient }) => (patient['extension'] = nested(20_000)),
    `${AT}: is nested too deeply`,
  ],
];

/** A bundle with a narrative that runs something. */
function activeBundle(): Draft {
  const text = narrative(`<p onclick="${SECRET}">a</p>`);
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: { resourceType: 'Patient', text } }],
  };
}

function narrative(content: string): Draft {
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`,
  };
}

function nested(depth: number): unknown[] {
  let inner: Draft = { url: 'urn:x', valueString: SECRET };
  for (let level = 0; level < depth; level++) inner = { url: 'urn:x', extension: [inner] };
  return [inner];
}

/** Refused for exactly this reason, and with nothing of the patient in what crosses a port. */
function assertRefused(run: () => unknown, reason: string): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(isMedsealError(error, 'FHIR_INVALID'));
    assert.equal(error.values.reason, reason);
    assert.doesNotMatch(JSON.stringify(error.toProblem()), new RegExp(SECRET));
    return true;
  });
}

describe('createValidator', () => {
  let validator: Validator;
  before(() => {
    validator = createValidator(loadFhirDefinitions());
  });

  it('takes a valid bundle and gives it back', () => {
    const { bundle } = draft();
    assert.equal(validator.validateBundle(bundle), bundle);
  });

  it('takes all Synthea patients, and each of their parts alone', { skip: syntheaAbsent }, () => {
    const patients = syntheaPatients();
    assert.equal(patients.length, 7);
    for (const [, bundle] of patients) {
      validator.validateBundle(bundle);
      for (const { content } of splitBundle(bundle, { set: `0x${'00'.repeat(16)}` })) {
        validator.validateBundle(partToBundle(content));
      }
    }
  });

  it('takes the bundles of the demonstration', () => {
    let next = 0;
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => next++);
    for (const patient of DEMO_PATIENTS) {
      validator.validateBundle(makeDemoBundle({ random, at: 1_700_000_000, patient }));
    }
  });

  it('takes an attachment of several megabytes', () => {
    const { bundle, patient } = draft();
    patient['photo'] = [{ contentType: 'image/png', data: 'AAAA'.repeat(1 << 20) }];
    assert.equal(validator.validateBundle(bundle), bundle);
  });

  it('takes an attachment whose base64 is wrapped, as R4 lets it be', () => {
    const { bundle, patient } = draft();
    patient['photo'] = [{ contentType: 'image/png', data: 'AAAA\r\n  AAA=\n' }];
    assert.equal(validator.validateBundle(bundle), bundle);
    patient['photo'] = [{ contentType: 'image/png', data: 'AAAA AAA' }];
    assertRefused(
      () => validator.validateBundle(bundle),
      `${AT}.photo[0].data: invalid base64Binary format`,
    );
  });

  it('takes a narrative of several megabytes, which is not a string to R4', () => {
    const { bundle, patient } = draft();
    patient['text'] = narrative(`<p>${'a'.repeat(3 << 20)}</p>`);
    assert.equal(validator.validateBundle(bundle), bundle);
  });

  it('takes what extends the address of an entry', () => {
    const { bundle } = draft();
    const extended = { extension: [{ url: 'urn:x', valueString: 'a' }] };
    Object.assign(bundle.entry[0] ?? {}, { _fullUrl: extended });
    Object.assign(bundle.entry[1] ?? {}, { fullUrl: undefined, _fullUrl: extended });
    delete bundle.entry[1]?.['fullUrl'];
    assert.equal(validator.validateBundle(bundle), bundle);
  });

  it('takes a contained resource that refers to another, or to what contains it', () => {
    const { bundle, patient } = draft();
    patient['contained'] = [
      { resourceType: 'Organization', id: 'a', name: 'x', partOf: { reference: '#b' } },
      { resourceType: 'Organization', id: 'b', name: 'x' },
    ];
    patient['managingOrganization'] = { reference: '#a' };
    assert.equal(validator.validateBundle(bundle), bundle);
  });

  it('judges each resource of Parameters by itself', () => {
    const { bundle } = draft();
    const resource = {
      resourceType: 'Patient',
      contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
      managingOrganization: { reference: '#o' },
    };
    const parameter = [{ name: 'patient', resource }];
    bundle.entry[1] = { resource: { resourceType: 'Parameters', parameter } };
    assert.equal(validator.validateBundle(bundle), bundle);
    resource.managingOrganization.reference = '#p';
    assertRefused(
      () => validator.validateBundle(bundle),
      `${AT}.parameter[0].resource.managingOrganization: breaks the invariant ref-1`,
    );
  });

  it('judges each resource of a bundle within by itself', () => {
    const within = { resourceType: 'Organization', active: true };
    const { bundle } = draft();
    const inner = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: within }] };
    bundle.entry[1] = { resource: inner };
    assertRefused(
      () => validator.validateBundle(bundle),
      `${AT}.entry[0].resource: breaks the invariant org-1`,
    );
  });

  for (const [what, spoil, reason] of spoilt) {
    // @attack a narrative that runs something, in a bundle that is contained or a parameter | all resources are looked at, wherever they lie
    it(`refuses ${what}, with its path and without its value`, () => {
      const parts = draft();
      spoil(parts);
      assertRefused(() => validator.validateBundle(parts.bundle), reason);
    });
  }

  it('refuses what is not a bundle', () => {
    const wrong: unknown[] = [undefined, null, 3, SECRET, [], {}, { resourceType: 'Patient' }];
    for (const value of wrong) {
      assertRefused(() => validator.validateBundle(value), 'Bundle: is not a bundle');
    }
  });

  it('says nothing of what was put in, whatever and wherever it is', () => {
    let next = 0;
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => next++);
    const [patient] = DEMO_PATIENTS;
    assert.ok(patient !== undefined);
    const text = JSON.stringify(makeDemoBundle({ random, at: 1_700_000_000, patient }));
    const holders = objectsIn(JSON.parse(text)).length;
    const secret = fc.constantFrom<unknown>(SECRET, [SECRET], { [SECRET]: SECRET }, [null], 7, {});
    const place = fc.nat({ max: holders - 1 });
    fc.assert(
      fc.property(place, fc.nat(), fc.boolean(), secret, (at, field, add, value) => {
        const bundle: unknown = JSON.parse(text);
        const holder = objectsIn(bundle)[at] ?? {};
        const keys = Object.keys(holder);
        holder[add ? SECRET : (keys[field % keys.length] ?? '')] = value;
        try {
          validator.validateBundle(bundle);
        } catch (error) {
          assert.ok(isMedsealError(error, 'FHIR_INVALID'));
          assert.doesNotMatch(JSON.stringify(error.toProblem()), new RegExp(SECRET));
          assert.match(error.values.reason, /^Bundle[\w.[\]?]*: [\w .:,*-]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Every object in a value, itself first. */
function objectsIn(value: unknown): Draft[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Draft, ...inner];
}
