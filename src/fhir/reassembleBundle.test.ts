import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { exactJson } from './exactJson.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import { splitBundle } from './splitBundle.ts';

const set = `0x${'11'.repeat(16)}` as const;
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: ['Patient', 'Condition', 'Claim', 'Condition'].map((resourceType, index) => ({
    fullUrl: `urn:uuid:${index}`,
    resource: { resourceType },
  })),
} as unknown as Bundle;
const [first, second, third] = splitBundle(bundle, { set }).map(({ content }) => content);
const foreign = splitBundle(bundle, { set: `0x${'22'.repeat(16)}` }).map(({ content }) => content);

function altered(changes: object): object {
  return { ...second, ...changes };
}

/** Parts that are on their way, or kept back: what is missing of them. */
const incomplete: [string, unknown[], number[]][] = [
  ['no part', [], [0]],
  ['all but the first', [second, third], [0]],
  ['the last alone', [third], [0]],
  ['all but the last', [first, second], [2]],
  ['all but the second', [third, first], [1]],
  ['the first alone', [first], [1, 2]],
];

const unfit: [string, unknown[], string][] = [
  ['one part twice', [first, second, third, second], 'part 1 is there twice'],
  ['a part of another bundle', [first, second, foreign[2]], 'part 2 is of another bundle'],
  ['a part more', [first, second, third, altered({ part: 3 })], 'part 3 has an entry too many'],
  [
    'a part that lost an entry',
    [first, altered({ entries: [{}] }), third],
    'part 1 lacks an entry',
  ],
  [
    'a part that won an entry',
    [first, altered({ entries: [{}, {}, {}] }), third],
    'part 1 has an entry too many',
  ],
  // What is missing excuses nothing in what is there.
  ['one part twice, of others', [second, second], 'part 1 is there twice'],
  ['parts of two bundles, of others', [second, foreign[2]], 'part 2 is of another bundle'],
  ['an altered part, of others', [first, altered({ entries: [] })], 'part 1 lacks an entry'],
  [
    'a part under another number',
    [first, altered({ part: 3 }), third],
    'part 3 has an entry too many',
  ],
];

const malformed: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['another format', altered({ format: 'medseal-part/2' })],
  ['a number that is none', altered({ part: 1.5 })],
  ['a negative number', altered({ part: -1 })],
  ['a set of another length', altered({ set: '0x11' })],
  ['a category that there is not', altered({ category: 'secrets' })],
  ['a field more', altered({ more: 1 })],
  ['entries that are no list', altered({ entries: {} })],
  ['an entry that is no object', altered({ entries: ['x'] })],
  ['a whole in a later part', altered({ whole: first?.whole })],
  ['a first part without whole', altered({ part: 0 })],
  ['a whole without order', { ...first, whole: { bundle: {}, by: 'category' } }],
  ['a whole split in another way', { ...first, whole: { bundle: {}, by: 'x', order: [] } }],
  ['a provenance that is none', altered({ provenance: { resourceType: 'Patient' } })],
  [
    'a whole whose bundle has entries',
    { ...first, whole: { bundle: { entry: [] }, by: 'category', order: [] } },
  ],
  [
    'an order that holds no numbers',
    { ...first, whole: { bundle: {}, by: 'category', order: ['0'] } },
  ],
];

describe('reassembleBundle', () => {
  it('takes the parts in any order', () => {
    const back = reassembleBundle([third, first, second]);
    assert.ok(back.complete);
    assert.equal(exactJson(back.bundle), exactJson(bundle));
  });

  for (const [what, contents, missing] of incomplete) {
    it(`says of ${what} which parts are missing`, () => {
      assert.deepEqual(reassembleBundle(contents), { complete: false, missing });
    });
  }

  it('gives a bundle without entries back as it was', () => {
    const empty: Bundle = { resourceType: 'Bundle', type: 'collection', id: 'e' };
    const parts = splitBundle(empty, { set }).map(({ content }) => content);
    assert.deepEqual(reassembleBundle(parts), { complete: true, bundle: empty });
  });

  for (const [what, contents, reason] of unfit) {
    it(`refuses ${what}`, () => {
      assert.throws(() => reassembleBundle(contents), { code: 'PARTS_UNFIT', values: { reason } });
    });
  }

  for (const [what, content] of malformed) {
    it(`refuses ${what} for a part`, () => {
      assert.throws(() => reassembleBundle([content]), {
        code: 'PARTS_UNFIT',
        values: { reason: 'one is not of the form of a part' },
      });
    });
  }
});
