import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TestClock } from '../ledger/test/TestClock.ts';
import { repeatedly } from './repeatedly.ts';

it('what is done repeatedly is done a while after the last time ended, whatever became of it', async () => {
  const clock = new TestClock(0);
  const failures: unknown[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const end = repeatedly(
    clock,
    100,
    async () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
    },
    (error) => failures.push(error),
  );
  clock.advance(99);
  assert.equal(gates.length, 0);
  clock.advance(1);
  assert.equal(gates.length, 1);
  clock.advance(1000);
  assert.equal(gates.length, 1, 'it is still under way');
  const broken = new Error('it failed');
  gates[0]?.reject(broken);
  await turn();
  assert.deepEqual(failures, [broken]);
  clock.advance(100);
  assert.equal(gates.length, 2);
  let ended = false;
  const ending = end().then(() => (ended = true));
  await turn();
  assert.equal(ended, false, 'what is under way goes on to its end');
  gates[1]?.resolve();
  await ending;
  clock.advance(1000);
  assert.equal(gates.length, 2);
});

async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
