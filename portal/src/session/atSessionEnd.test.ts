import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Party } from '../../../src/client/index.ts';
import { atSessionEnd, runSessionEnd } from './atSessionEnd.ts';

function partyOf(): Pick<Party, 'device'> {
  return { device: {} as Party['device'] };
}

describe('the end of a session', () => {
  it('does what waits for it once, though it was asked for twice, and for its own party alone', () => {
    const [one, other] = [partyOf(), partyOf()];
    const done: unknown[] = [];
    const drop = (party: unknown): void => void done.push(party);
    atSessionEnd(one, drop);
    atSessionEnd(one, drop);
    atSessionEnd(other, drop);
    runSessionEnd(one);
    runSessionEnd(one);
    assert.deepEqual(done, [one]);
    assert.equal(done[0], one);
  });

  it('drops at once what is opened after it, such as by a request that was under way at the lock', () => {
    const party = partyOf();
    runSessionEnd(party);
    let dropped = 0;
    atSessionEnd(party, () => void dropped++);
    assert.equal(dropped, 1);
  });
});
