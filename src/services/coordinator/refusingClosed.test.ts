import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { peerCalls } from '../peers/peerCalls.ts';
import type { CoordinatorPort } from '../ports.ts';
import { AT_CLOSED_LOGS, refusingClosed } from './refusingClosed.ts';

const LOG = 'care/hospital';
const CALLS = Object.keys(peerCalls.coordinator) as (keyof CoordinatorPort)[];
const closed = failsWith('LOG_CLOSED', { log: LOG });

/** Calls a coordinator whose log is closed from the given look on, and which waits once in each call. */
async function call(name: keyof CoordinatorPort, closedAt: number): Promise<number> {
  let [looks, calls] = [0, 0];
  const service = Object.fromEntries(
    CALLS.map((each) => [each, async () => await Promise.resolve((calls += 1))]),
  );
  const coordinator = refusingClosed(service as unknown as CoordinatorPort, {
    async requireOpen(log) {
      await Promise.resolve();
      assert.equal(log, LOG);
      looks += 1;
      if (looks >= closedAt) throw new MedsealError('LOG_CLOSED', { log });
    },
  });
  const asked = coordinator[name] as (argument: unknown) => Promise<number>;
  await asked({ log: LOG }).catch((error: unknown) => {
    assert.equal(calls, closedAt === 1 ? 0 : 1, 'it is refused before anything is done');
    throw error;
  });
  return calls;
}

describe('a coordinator that keeps the proof that a log signed two histories', () => {
  it('has every call of its port decided', () => {
    assert.deepEqual(Object.keys(AT_CLOSED_LOGS).toSorted(), CALLS.toSorted());
    const refusing = CALLS.filter((name) => AT_CLOSED_LOGS[name] === 'refuses');
    assert.deepEqual(refusing.toSorted(), ['judge', 'release', 'show', 'signCheckpoint']);
  });

  for (const name of CALLS) {
    if (AT_CLOSED_LOGS[name] === 'refuses') {
      // @class whatever a coordinator signs or gives for a log, if a proof closes the log before the call or during it | comes by a call that was forgotten, or was under way
      it(`refuses ${name}, and gives no answer if the proof comes meanwhile`, async () => {
        await assert.rejects(call(name, 1), closed);
        await assert.rejects(call(name, 2), closed);
        assert.equal(await call(name, 3), 1, 'an open log is served');
      });
    } else {
      it(`answers ${name}`, async () => {
        assert.equal(await call(name, 1), 1);
      });
    }
  }
});
