import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { CATEGORIES, ORDINARY_CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { chooseTermsWords } from './chooseTermsWords.ts';

const RECORD = `0x${'5a'.repeat(32)}` as const;

describe('the words for what a right covers', () => {
  it('are “everything but what is sensitive” for all ordinary kinds, in any order', () => {
    const categories = ORDINARY_CATEGORIES.toReversed();
    assert.deepEqual(chooseTermsWords({ categories, record: ZERO32 }), { covers: 'everything' });
  });

  it('never say so if what is sensitive is among them: all kinds are named', () => {
    for (const categories of [CATEGORIES, CATEGORIES.toReversed(), ['sensitive'] as const]) {
      const chosen = chooseTermsWords({ categories, record: ZERO32 });
      assert.deepEqual(chosen, { covers: 'kinds', categories });
    }
  });

  it('never say so if an ordinary kind is missing', () => {
    for (const left of ORDINARY_CATEGORIES) {
      const categories = CATEGORIES.filter((each) => each !== left);
      const chosen = chooseTermsWords({ categories, record: ZERO32 });
      assert.deepEqual(chosen, { covers: 'kinds', categories });
    }
  });

  it('name the one record by its title, its day and its number', () => {
    const right = { categories: ['reports'], record: RECORD } as const;
    const chosen = chooseTermsWords(right, { title: ' Knee ', at: 5 });
    assert.deepEqual(chosen, { covers: 'record', ...right, title: 'Knee', at: 5 });
  });

  it('name the one record by its number if nobody knows more, even with all ordinary kinds', () => {
    const right = { categories: ORDINARY_CATEGORIES, record: RECORD };
    assert.deepEqual(chooseTermsWords(right), { covers: 'record', ...right });
    assert.deepEqual(chooseTermsWords(right, { title: ' ' }), { covers: 'record', ...right });
  });

  it('show what hides in a title', () => {
    const right = { categories: ['reports'], record: RECORD } as const;
    const chosen = chooseTermsWords(right, { title: 'Knee\u202e' });
    assert.deepEqual(chosen, { covers: 'record', ...right, title: 'Knee\\u{202e}' });
  });
});
