import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PartContent } from './Part.ts';
import { partToBundle } from './partToBundle.ts';

const part: PartContent = {
  format: 'medseal-part/1',
  set: '0x',
  part: 1,
  category: 'other',
  entries: [],
};

describe('partToBundle', () => {
  it('keeps resources with their addresses, and leaves out how they were sent', () => {
    const bundle = partToBundle({
      ...part,
      entries: [
        {
          fullUrl: 'urn:uuid:1',
          resource: { resourceType: 'Patient', gender: 'other' },
          request: { method: 'POST', url: 'Patient' },
        },
        { fullUrl: 'urn:uuid:2', search: { mode: 'match' }, resource: { resourceType: 'Person' } },
        { request: { method: 'DELETE', url: 'Patient/1' } },
      ],
    });
    assert.deepEqual(bundle, {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', gender: 'other' } },
        { fullUrl: 'urn:uuid:2', resource: { resourceType: 'Person' } },
      ],
    });
  });

  it('makes a bundle without entries of a part without resources', () => {
    assert.deepEqual(partToBundle(part), { resourceType: 'Bundle', type: 'collection' });
  });
});
