import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LifeFacts, VitalFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import { UNTOLD_LIFE } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { reportsOf, type VitalItem } from './vitalReports.ts';

const HANDLE: Handle = `0x${'3c'.repeat(32)}`;
const SELF: Address = `0x${'1a'.repeat(20)}`;
const OTHER: Address = `0x${'2b'.repeat(20)}`;

function reports(life: Partial<LifeFacts>): readonly VitalItem[] {
  const lives = new Map([[HANDLE, { ...UNTOLD_LIFE, ...life }]]);
  return reportsOf({ handle: HANDLE, name: 'Mila' }, lives, SELF);
}

describe('reports of births and deaths on a desk', () => {
  it('leave out somebody of whom nothing is reported, or whom the ledger does not know', () => {
    assert.deepEqual(reports({}), []);
    assert.deepEqual(reportsOf({ handle: HANDLE, name: 'Mila' }, new Map(), SELF), []);
  });

  it('wait for the person at the desk if somebody else reported them, since the block that took the report', () => {
    const death: VitalFacts = { stage: 'reported', step: 1, reporter: OTHER, reportedAt: 70 };
    const birth: VitalFacts = { stage: 'reported', step: 1, reporter: SELF, reportedAt: 60 };
    const found = reports({ birth, death }).map(({ what, isWaiting, since }) => {
      return { what, isWaiting, since };
    });
    assert.deepEqual(
      found.toSorted((one, other) => (one.what < other.what ? -1 : 1)),
      [
        { what: 'birth', isWaiting: false, since: 60 },
        { what: 'death', isWaiting: true, since: 70 },
      ],
    );
  });

  it('wait for nobody once they are confirmed, and stand there since then', () => {
    const death: VitalFacts = {
      stage: 'confirmed',
      step: 2,
      reporter: OTHER,
      reportedAt: 70,
      since: 90,
    };
    const [found] = reports({ death });
    assert.deepEqual([found?.isWaiting, found?.since], [false, 90]);
  });
});
