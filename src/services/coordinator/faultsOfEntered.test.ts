import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { faultsOfWritten, type FaultsOfEntries } from './faultsOfEntered.ts';

/** Writes of two logs of which a coordinator has no copies. */
const writes = ['care/hospital', 'care/laboratory'].map((log) => {
  return { log, index: 3, entry: word(log) } as Acknowledgement;
});

/** Its answer if it cannot tell of the hospital's log for a reason. */
async function faultsIf(reason: Error): Promise<FaultsOfEntries> {
  const isShown = async (log: string): Promise<readonly boolean[]> =>
    await (log === 'care/hospital' ? Promise.reject(reason) : Promise.resolve([true]));
  return await faultsOfWritten({ logs: new Map(), isShown }, writes, false);
}

describe('writes of several logs', () => {
  it('stand though the log of another one is closed or has ended', async () => {
    for (const code of ['LOG_CLOSED', 'LOG_ENDED'] as const) {
      const faults = await faultsIf(new MedsealError(code, { log: 'care/hospital' }));
      const told = [...faults].map(([entry, fault]) => [entry, fault.code]);
      assert.deepEqual(told, [[word('care/hospital'), code]]);
    }
  });

  it('are not refused for what failed at the coordinator itself', async () => {
    for (const reason of [new Error('a database broke'), new MedsealError('LEDGER_STOPPED', {})]) {
      await assert.rejects(faultsIf(reason), reason);
    }
  });
});
