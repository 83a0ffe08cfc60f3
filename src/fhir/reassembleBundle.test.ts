import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import { exactJson } from './exactJson.ts';
import { reassembleBundle } from './reassembleBundle.ts';
import { splitBundle } from './splitBundle.ts';

const set = `0x${'11'.repeat(16)}` as const;
const RECORD = `0x${'55'.repeat(32)}`;
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

/** Parts that do not fit what part 0 says: of which of them older versions are needed. */
const older: [string, unknown[], number[], number[]][] = [
  ['a part that lost an entry', [first, altered({ entries: [{}] }), third], [1], []],
  ['a part that won an entry', [first, altered({ entries: [{}, {}, {}] }), third], [1], []],
  ['a part of another edition', [first, altered({ edition: set }), third], [1], []],
  ['such a part, of others', [first, altered({ entries: [] })], [1], [2]],
];

const unfit: [string, unknown[], string][] = [
  ['a part of another bundle', [first, second, foreign[2]], 'part 2 is of another bundle'],
  // A missing part excuses nothing in those that are there.
  ['parts of two bundles, of others', [second, foreign[2]], 'part 2 is of another bundle'],
];

const malformed: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['another format', altered({ format: 'medseal-part/2' })],
  ['a number that is not one', altered({ part: 1.5 })],
  ['an edition of another length', altered({ edition: '0x11' })],
  [
    'editions that are malformed',
    { ...first, whole: { bundle: {}, by: 'category', order: [], editions: ['0x11'] } },
  ],
  [
    'a record that is two parts',
    {
      ...first,
      whole: { bundle: {}, by: 'category', order: [], records: [RECORD, RECORD] },
    },
  ],
  [
    'the name of a record that is malformed',
    { ...first, whole: { bundle: {}, by: 'category', order: [], records: ['0x11'] } },
  ],
  [
    // @attack who may amend the first part leaves out numbers up to 65,535, so that amendments write a place for each, or none is left | numbers without gaps, or it is not a part; too many are `PARTS_UNFIT`
    'numbers that are left out',
    { ...first, whole: { bundle: {}, by: 'category', order: [0, 65_535] } },
  ],
  [
    'numbers that are left out by editions',
    { ...first, whole: { bundle: {}, by: 'category', order: [0, 2], editions: [set, null, set] } },
  ],
  ['a negative number', altered({ part: -1 })],
  ['a set of another length', altered({ set: '0x11' })],
  ['a category that there is not', altered({ category: 'secrets' })],
  ['a field more', altered({ more: 1 })],
  ['entries that are not list', altered({ entries: {} })],
  ['an entry that is not an object', altered({ entries: ['x'] })],
  ['an entry whose resource is not one', altered({ entries: [{ resource: null }, {}] })],
  ['a whole in a later part', altered({ whole: first?.whole })],
  ['a first part without whole', altered({ part: 0 })],
  ['a whole without order', { ...first, whole: { bundle: {}, by: 'category' } }],
  ['a whole split in another way', { ...first, whole: { bundle: {}, by: 'x', order: [] } }],
  ['a provenance that is not one', altered({ provenance: { resourceType: 'Patient' } })],
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

  for (const [what, contents, needed, missing] of older) {
    // @attack a hostile author of one part gives it other entries than part 0 says | the newest version that fits is read, and the next amendment mends it
    it(`says of ${what} that older versions are needed, and goes by them`, () => {
      assert.deepEqual(reassembleBundle(contents), { complete: false, missing, older: needed });
      const back = reassembleBundle([...contents, second, third]);
      assert.deepEqual(back, { complete: true, bundle, unfinished: [1] });
    });
  }

  it('takes of several versions of a part the first that fits, and of several records of one number', () => {
    const changed = altered({ entries: [{ fullUrl: 'urn:uuid:new' }, {}] });
    const back = reassembleBundle([first, changed, second, third]);
    assert.ok(back.complete);
    assert.deepEqual(
      [back.bundle.entry?.[1], back.unfinished],
      [{ fullUrl: 'urn:uuid:new' }, undefined],
    );
    const more = altered({ part: 3, edition: set });
    assert.deepEqual(reassembleBundle([first, second, third, more]), {
      complete: true,
      bundle,
      unfinished: [3],
    });
  });

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
        values: { reason: 'one of them is malformed' },
      });
    });
  }
});
