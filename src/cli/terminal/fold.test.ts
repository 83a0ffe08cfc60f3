import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as forAll, integer, property, stringMatching } from 'fast-check';
import { fold } from './fold.ts';

const HASH = `0x${'ab'.repeat(32)}`;

describe('a line that is wider than the terminal', () => {
  it('is broken between words, and what goes on stands further in', () => {
    assert.equal(
      fold('  the quick brown fox jumps over the lazy dog and goes on', 40),
      '  the quick brown fox jumps over the\n    lazy dog and goes on',
    );
    assert.equal(fold('short\n\n  stays  as it is\n', 40), 'short\n\n  stays  as it is\n');
  });

  it('keeps words that are wider than any line whole, so that they can be copied', () => {
    assert.equal(fold(`in the network ${HASH} of`, 60), `in the network\n  ${HASH}\n  of`);
    assert.equal(fold(HASH, 60), HASH);
  });

  it('is not broken for its styles, nor if there is no terminal', () => {
    const styled = `\u001B[1m${'word '.repeat(7)}end\u001B[22m`;
    assert.equal(fold(styled, 40), styled);
    assert.equal(fold('word '.repeat(100), undefined), 'word '.repeat(100));
  });

  it('loses no word', () => {
    const texts = array(stringMatching(/^[a-z ]{0,30}$/), { maxLength: 9 });
    forAll(
      property(texts, integer({ min: 40, max: 100 }), (parts, columns) => {
        const text = parts.join('');
        const made = fold(text, columns);
        assert.deepEqual(made.match(/[a-z]+/g), text.match(/[a-z]+/g));
        for (const line of made.split('\n'))
          assert.ok(line.length <= columns || !/[a-z] +[a-z]/.test(line));
      }),
    );
  });
});
