import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { LookUps } from './LookUps.ts';

const [SOONEST, MONTH] = [5000, 30 * 86_400_000];
const ASKING = { device: word('device'), size: 1 } as const;

describe('looks of a gateway at its node', () => {
  // @class a moment of the wall clock that a wait depends on, while the clock is set right | a new device waits for a month
  it('come as soon as ever if the clock is set back meanwhile', async () => {
    const clock = new TestClock(2 * MONTH);
    let looks = 0;
    const lookUps = new LookUps(async () => {
      looks += 1;
      await Promise.resolve();
    }, clock);
    lookUps.looked();
    clock.advance(-MONTH);
    const waiting = lookUps.next(ASKING);
    clock.advance(SOONEST);
    await waiting;
    assert.equal(looks, 1);
  });
});
