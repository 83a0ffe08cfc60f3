import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resourceKey } from './resourceKey.ts';

const of = (description: string): object => ({ resourceType: 'DocumentReference', description });

describe('resourceKey', () => {
  it('never gives two resources one key, be they equal to the letter', () => {
    const resources = [of('Note'), of('Note'), of('Letter'), of('Note')];
    assert.equal(new Set(resources.map(resourceKey)).size, resources.length);
  });

  it('keeps the key of each when a list grows and takes another order', () => {
    const [first, second] = [of('Note'), of('Note')];
    const before = new Map([first, second].map((each) => [each, resourceKey(each)]));
    for (const each of [of('Newer'), second, of('Between'), first]) {
      const key = before.get(each);
      assert.equal(key === undefined || key === resourceKey(each), true);
    }
  });
});
