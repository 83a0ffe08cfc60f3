import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeReason } from '../../../src/protocol/operator/nodeReasons.ts';
import type { Words } from '../words/useWords.tsx';
import { sayReason } from './sayReason.ts';

const words: Pick<Words, 'say' | 'moment'> = {
  say: (key, values) => `${key} ${JSON.stringify(values)}`,
  moment: (at) => `at ${at}`,
};

describe('a reason of a node, as its operator reads it', () => {
  it('has the words of its code, with its values as the node gives them', () => {
    const reason = nodeReason('clocks', { count: 2, of: 3 });
    assert.equal(sayReason(words, reason), 'operate.reason-clocks {"count":"2","of":"3"}');
  });

  it('has its moment in the form of the person’s language', () => {
    const moment = '2027-01-15T08:05:00.000Z';
    const reason = nodeReason('checkpoints-awaited', { name: 'a', log: 'care/b', moment });
    assert.match(sayReason(words, reason), /"moment":"at 1800000300"/);
  });
});
