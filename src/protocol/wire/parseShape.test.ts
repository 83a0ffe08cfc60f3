import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseShape } from './parseShape.ts';

const PLACES = [{ log: 'text', 'index?': 'count' }] as const;

function refused(misfit: string): Error {
  return new Error(misfit);
}

describe('parseShape', () => {
  it('returns what fits, with its type', () => {
    const [first] = parseShape(PLACES, [{ log: 'a', index: 3 }], 'places', refused);
    assert.equal(first?.index, 3);
  });

  it('throws an error that names the path of what does not fit', () => {
    assert.throws(() => parseShape(PLACES, [{ log: 'a', index: -1 }], 'places', refused), {
      message: 'places[0].index is not a number from 0',
    });
  });
});
