import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { decodePart } from './decodePart.ts';
import { encodePart } from './encodePart.ts';
import type { PartContent } from './Part.ts';
import { partToBundle } from './partToBundle.ts';
import { splitBundle } from './splitBundle.ts';

const set = `0x${'11'.repeat(16)}` as const;

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

  const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
  const resource = { resourceType: 'Condition', subject: {} } as const;
  const psychiatric = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' };
  const labelled = { security: [psychiatric] };
  const outcome = { resourceType: 'OperationOutcome', issue: [], meta: labelled } as const;
  const goal = { resource: { resourceType: 'Goal' } } as BundleEntry;
  for (const [what, bundle, security] of [
    ['the bundle', { type: 'collection', meta: labelled, entry: [goal] }, [psychiatric]],
    [
      'the composition of a document',
      {
        type: 'document',
        entry: [
          { resource: { resourceType: 'Composition', confidentiality: 'V' } as Resource },
          goal,
        ],
      },
      [{ system, code: 'V' }],
    ],
    [
      'what a server answered',
      { type: 'batch-response', entry: [{ resource, response: { status: '200', outcome } }] },
      [psychiatric],
    ],
  ] as const) {
    // @attack a reader of a sensitive part alone takes it for ordinary, and hands it on | it is shown with the labels that made it sensitive
    it(`shows the label of ${what} that made the part sensitive`, () => {
      const parts = splitBundle({ resourceType: 'Bundle', ...bundle } as unknown as Bundle, {
        set,
      });
      const content = parts.map((part) => part.content).find(({ entries }) => entries.length > 0);
      assert.equal(content?.category, 'sensitive');
      const shown = partToBundle(decodePart(encodePart(content ?? assert.fail())));
      assert.deepEqual(shown.meta?.security, security);
      // So it stays sensitive when it is added elsewhere.
      assert.deepEqual(
        splitBundle(shown, { set }).map(({ category }) => category),
        ['sensitive'],
      );
    });
  }

  it('says of a sensitive part without labels that it is restricted', () => {
    const bundle = partToBundle({ ...part, category: 'sensitive', entries: [{ resource }] });
    assert.deepEqual(bundle.meta, { security: [{ system, code: 'R' }] });
    const own = partToBundle({
      ...part,
      category: 'sensitive',
      entries: [{ resource: { ...resource, meta: labelled } }],
    });
    assert.equal(own.meta, undefined);
  });
});
