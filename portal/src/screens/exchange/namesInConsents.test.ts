import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesInConsents } from './namesInConsents.ts';

const actor = (reference: unknown): unknown => ({ actor: [{ reference }] });

const NONE = { patients: [], actors: [], isForEverybody: false } as const;

describe('names in a file of Consents', () => {
  it('are found in every provision, and each once', () => {
    const consent = {
      resourceType: 'Consent',
      patient: { reference: 'Patient/f001' },
      provision: {
        actor: [{ reference: { reference: 'Practitioner/1' } }],
        provision: [
          actor({ reference: 'Practitioner/1' }),
          { provision: [actor({ identifier: { system: 'urn:staff', value: '7' } })] },
        ],
      },
    };
    const names = {
      patients: ['Patient/f001'],
      actors: ['Practitioner/1', 'urn:staff|7'],
      isForEverybody: false,
    };
    assert.deepEqual(namesInConsents(consent), names);
    const entry = [{ resource: consent }, { resource: consent }];
    assert.deepEqual(namesInConsents({ resourceType: 'Bundle', entry }), names);
  });

  it('are not those that Medseal knows, and no more than a person can be asked about', () => {
    const known = actor({ identifier: { system: 'urn:medseal:party', value: '0x11' } });
    assert.deepEqual(namesInConsents({ provision: known }), NONE);
    const many = Array.from({ length: 100 }, (_, at) => ({ reference: { reference: `P/${at}` } }));
    assert.equal(namesInConsents({ provision: { actor: many } }).actors.length, 32);
  });

  it('are asked for where a permit names nobody, and nobody around it', () => {
    const somebody = { reference: { reference: 'P/1' } };
    for (const [provision, expected] of [
      [{ type: 'permit' }, true],
      [{ type: 'permit', actor: [somebody] }, false],
      [{ type: 'deny' }, false],
      [{ type: 'deny', provision: [{ type: 'permit' }] }, true],
      [{ type: 'deny', actor: [somebody], provision: [{ type: 'permit' }] }, false],
    ] as const) {
      assert.equal(namesInConsents({ provision }).isForEverybody, expected);
    }
  });

  it('are not looked for in anything but a Consent', () => {
    for (const value of [null, 7, 'text', [], {}, { provision: 7 }, { resourceType: 'Bundle' }]) {
      assert.deepEqual(namesInConsents(value), NONE);
    }
  });
});
