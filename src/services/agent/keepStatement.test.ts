import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { keepStatement } from './keepStatement.ts';

it('signs a statement once an hour, however often it is asked for', () => {
  const clock = new TestClock(1_800_000_000_000);
  const signed: number[] = [];
  const state = keepStatement((at) => {
    signed.push(at);
    return { sha256: '00', policy: 'none', at, note: `note ${at}` };
  }, clock);
  for (let call = 0; call < 5; call++) assert.equal(state().at, 1_800_000_000);
  clock.advance(3_599_000);
  assert.equal(state().note, 'note 1800000000');
  clock.advance(1000);
  assert.equal(state().at, 1_800_003_600);
  assert.deepEqual(signed, [1_800_000_000, 1_800_003_600]);
});
