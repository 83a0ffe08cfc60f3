import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remembering } from './remembering.ts';

describe('remembering', () => {
  it('finds each once while it is among the last, and again after that', () => {
    const asked: string[] = [];
    const lengthOf = remembering(2, (text) => {
      asked.push(text);
      if (text === '') throw new RangeError('empty');
      return text.length;
    });
    assert.deepEqual(['a', 'bb', 'a', 'bb', 'ccc', 'bb', 'a'].map(lengthOf), [1, 2, 1, 2, 3, 2, 1]);
    assert.deepEqual(asked, ['a', 'bb', 'ccc', 'a']);
  });

  it('keeps nothing that was thrown', () => {
    let count = 0;
    const failing = remembering(2, () => {
      count++;
      throw new RangeError('never');
    });
    assert.throws(() => failing('a'), RangeError);
    assert.throws(() => failing('a'), RangeError);
    assert.equal(count, 2);
  });
});
