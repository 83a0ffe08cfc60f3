import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { stakedSuccessor } from '../../protocol/test/sampleConsortium.ts';
import { FOUR, four, LATER, replacing, termsWith } from '../../protocol/test/sampleReplacement.ts';
import { openReplacements, requireNoneOpen, withReplacement } from './openReplacements.ts';

const { replacement = assert.fail() } = replacing(FOUR);
const { message } = replacement;
const raised = stakedSuccessor(
  four,
  termsWith(({ validator, ...node }) => ({ ...node, validator: { ...validator, stake: 20 } })),
  FOUR,
);
const elsewhere = stakedSuccessor(
  four,
  termsWith(
    ({ validator, ...node }) => ({ ...node, validator: { ...validator, stake: 20 } }),
    'insurer',
  ),
  FOUR,
);
const none = { successors: [] };
const HOUR = 3600;

describe('a replacement of a validator’s key that a folder signed', () => {
  it('is kept until its deadline passed or a known successor has it, and once', () => {
    const open = openReplacements([message], none, LATER);
    assert.deepEqual(open, [message]);
    assert.deepEqual(openReplacements(undefined, none, LATER), []);
    assert.deepEqual(openReplacements([message], none, LATER + HOUR), []);
    assert.deepEqual(openReplacements([message], { successors: [replacing(FOUR)] }, LATER), []);
    assert.deepEqual(openReplacements([message], { successors: [raised] }, LATER), [message]);
    assert.deepEqual(withReplacement(open, { replacement }), [message]);
    assert.deepEqual(withReplacement([], { replacement }), [message]);
    assert.deepEqual(withReplacement(open, raised), [message]);
  });

  // @attack an organisation keeps a signed replacement of its key back, says that it is dropped, and has it carried out once the others signed its change or removal | a seat signs no change of that organisation's stake before the deadline
  it('keeps its seats from signing a change of the same organisation’s stake, and of no other', () => {
    assert.throws(() => requireNoneOpen([message], raised, LATER), failsWith('SUCCESSOR_INVALID'));
    requireNoneOpen([message], elsewhere, LATER);
    requireNoneOpen([message], { stakes: [], replacement }, LATER);
    requireNoneOpen([], raised, LATER);
  });

  it('is not signed with a deadline over a day ahead', () => {
    const stakes = raised.stakes.slice(0, 0);
    requireNoneOpen([], { stakes, replacement }, LATER - 24 * HOUR);
    assert.throws(
      () => requireNoneOpen([], { stakes, replacement }, LATER - 24 * HOUR - 1),
      failsWith('SUCCESSOR_INVALID', {
        reason: 'its replacement of the key of pharmacy must have a deadline within a day',
      }),
    );
  });
});
