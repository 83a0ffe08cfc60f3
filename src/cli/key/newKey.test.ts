import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fold } from '../terminal/fold.ts';
import { numbered } from './newKey.ts';

describe('the words of a phrase', () => {
  it('keep number and word together on every terminal that folds lines', () => {
    const phrase = Array.from({ length: 24 }, () => 'absolute').join(' ');
    const text = numbered(phrase).join('\n');
    assert.equal(fold(text, 40), text);
    assert.equal([...text.matchAll(/\d+ absolute/g)].length, 24);
  });
});
