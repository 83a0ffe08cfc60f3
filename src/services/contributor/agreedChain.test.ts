import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bytes32 } from '../../protocol/ids.ts';
import { agreedChain } from './agreedChain.ts';

/** The chain that is agreed on, by the letters of its entries. */
function agreed(faulty: number, ...chains: readonly string[]): string | undefined {
  const shown = chains.map((name) => ({
    name,
    entries: name.split('').map((letter): Bytes32 => `0x${letter}`),
  }));
  return agreedChain(shown, faulty)?.name;
}

describe('a chain of entries that organisations show', () => {
  it('counts if nobody contradicts it, the longest first', () => {
    assert.equal(agreed(0, 'a', '', 'abc', 'ab'), 'abc');
    assert.equal(agreed(2, '', 'a'), 'a');
    assert.equal(agreed(0, '', ''), undefined);
    assert.equal(agreed(0), undefined);
  });

  it('does not count if two contradict each other, unless more show one than may be faulty', () => {
    assert.equal(agreed(0, 'ba', 'ab'), undefined);
    assert.equal(agreed(1, 'ba', 'ab', ''), undefined);
    assert.equal(agreed(1, 'ba', 'ab', 'ab'), 'ab');
    assert.equal(agreed(1, 'bac', 'ab', 'abc'), 'ab', 'and no more of it than so many show');
    assert.equal(agreed(1, 'ba', 'ba', 'ab', 'ab'), undefined, 'more are faulty than may be');
    assert.equal(agreed(1, 'ac', 'ab', 'a'), 'a', 'as far as all agree');
  });
});
