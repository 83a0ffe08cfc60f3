import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { EnrolmentAnswers } from './EnrolmentAnswers.ts';

const party = `0x${'1'.repeat(40)}` as const;

describe('what members of the authority answered', () => {
  it('is remembered by member, the last answer of each, and passed on', async () => {
    const answers = new EnrolmentAnswers();
    const late = new MedsealError('NOT_YET', { what: 'approval' });
    const lost = new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
    assert.equal(await answers.note(party, 'hospital', Promise.resolve('0x1')), '0x1');
    const note = answers.note(party, 'laboratory', Promise.reject(late));
    await assert.rejects(note, failsWith('NOT_YET'));
    const silent = answers.note(party, 'insurer', Promise.reject(lost));
    await assert.rejects(silent, failsWith('PEER_UNREACHABLE'));
    assert.deepEqual(Object.fromEntries(answers.of(party)), {
      hospital: 'approved',
      laboratory: 'waits',
      insurer: 'unknown',
    });
    await answers.note(party, 'laboratory', Promise.resolve('0x2'));
    assert.equal(answers.of(party).get('laboratory'), 'approved');
  });

  it('is forgotten of the oldest, so that strangers do not fill the memory', async () => {
    const answers = new EnrolmentAnswers();
    for (let number = 0; number < 1001; number++) {
      const each: `0x${string}` = `0x${number.toString(16).padStart(40, '0')}`;
      await answers.note(each, 'hospital', Promise.resolve('0x1'));
    }
    assert.equal(answers.of(`0x${'0'.repeat(40)}`).size, 0);
    assert.equal(answers.of(`0x${'1'.padStart(40, '0')}`).size, 1);
  });
});
