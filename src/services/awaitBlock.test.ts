import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../protocol/Clock.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import { awaitBlock } from './awaitBlock.ts';

const consortium = {
  ...network,
  ledger: { ...network.ledger, chain: `medseal-${'5a'.repeat(16)}` },
};

/** Waits with an index at block 7 that has one more block at each look from the given one on; gives the waits. */
async function waits(block: number, from: number, file = consortium): Promise<number> {
  let looks = 0;
  let waited = 0;
  const index = {
    get block() {
      return 7 + Math.max(0, looks - from);
    },
    refresh: async () => await Promise.resolve(void (looks += 1)),
  } as unknown as LedgerIndex;
  const clock: Clock = {
    now: () => 0,
    after(_milliseconds, run) {
      waited += 1;
      queueMicrotask(run);
      return () => undefined;
    },
  };
  await awaitBlock({ index, clock, network: file }, block);
  return waited;
}

describe('a block that another organisation has seen', () => {
  it('is waited for until its own validator has it', async () => {
    assert.equal(await waits(7, 1), 0);
    assert.equal(await waits(8, 1), 1);
    assert.equal(await waits(10, 3), 5);
  });

  it('is not waited for longer than three seconds, nor if it is far ahead', async () => {
    assert.equal(await waits(8, Infinity), 60);
    assert.equal(await waits(18, Infinity), 0);
  });

  it('is not waited for if the ledger is at one organisation, which all ask', async () => {
    assert.equal(await waits(8, Infinity, network as typeof consortium), 0);
  });
});
