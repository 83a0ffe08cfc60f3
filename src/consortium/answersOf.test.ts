import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersOf } from './answersOf.ts';
import { parseLightBlock } from './parseLightBlock.ts';
import { vectors } from './test/vectors.ts';

describe('answersOf', () => {
  it('gives answers that are read as the same block, for every block that validators made', () => {
    for (let number = 1; number <= vectors.height; number++) {
      const asked = { height: String(number) };
      const set = { ...asked, page: '1', per_page: '100' };
      const block = parseLightBlock(
        vectors.answers[`commit ${JSON.stringify(asked)}`],
        vectors.answers[`validators ${JSON.stringify(set)}`],
      );
      const { commit, validators } = answersOf(block);
      assert.deepEqual(parseLightBlock(commit, validators), block);
    }
  });
});
