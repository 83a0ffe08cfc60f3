import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dueEpoch } from './dueEpoch.ts';
import type { GrantEnd } from './deposits/depositRows.ts';
import type { DepositStore } from './deposits/DepositStore.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import type { VitalStage } from '../protocol/struct/vitalTypes.ts';

const HANDLE = `0x${'1e'.repeat(32)}` as const;
const PRESENT = 5;
const AT = 1000;

/** Returns what is due if a right ended so long ago, or is to end, and its keys are said to reach so far. */
async function due(
  sealedTo: number,
  until: number,
  state: 'active' | 'unknown' = 'active',
  stage: VitalStage = 'none',
): Promise<{ epoch: number; settled: number }> {
  const grant = `0x${'2e'.repeat(32)}` as const;
  const grantee = `0x${'3e'.repeat(20)}` as const;
  const end: GrantEnd = { handle: HANDLE, grant, grantee, until, sealedTo };
  let settled = 0;
  const deposits = {
    ends: async () => await Promise.resolve([end]),
    settleEnds: async (ends: readonly GrantEnd[]) => {
      settled += ends.length;
      await Promise.resolve();
    },
  } as unknown as DepositStore;
  const index = {
    patient: () => ({ epoch: PRESENT }),
    grantOnLedger: () => (state === 'unknown' ? undefined : { state }),
    party: () => ({ suspended: false }),
    life: () => ({ death: { stage } }),
  } as unknown as LedgerIndex;
  return { epoch: await dueEpoch({ index, deposits }, HANDLE, AT), settled };
}

describe('the epoch that is due', () => {
  it('is the one after the newest that keys were sealed for to who has no right any more', async () => {
    assert.deepEqual(await due(5, AT), { epoch: 6, settled: 0 });
    assert.deepEqual(await due(7, AT), { epoch: 8, settled: 0 });
    assert.deepEqual(await due(7, AT + 1), { epoch: PRESENT, settled: 0 });
  });

  it('is the present one, whatever was kept of a grant that the ledger never took', async () => {
    for (const until of [AT - 60, AT, AT + 10]) {
      assert.deepEqual(await due(7, until, 'unknown'), { epoch: PRESENT, settled: 0 });
    }
  });

  it('is the next one once a death is confirmed, and no right is put aside, for it may be undone', async () => {
    assert.deepEqual(await due(7, AT + 100, 'active', 'confirmed'), { epoch: 8, settled: 0 });
    assert.deepEqual(await due(3, AT + 100, 'active', 'confirmed'), { epoch: PRESENT, settled: 0 });
    assert.deepEqual(await due(7, AT + 100, 'active', 'reported'), { epoch: PRESENT, settled: 0 });
  });

  it('is one later at most where it is said of a right that its keys reach to the present one', async () => {
    for (const until of [AT - 100, AT - 10, AT, AT + 10]) {
      for (const sealedTo of [0, 3, PRESENT]) {
        const { epoch } = await due(sealedTo, until);
        assert.ok(epoch === PRESENT || epoch === PRESENT + 1, `${sealedTo}, ${until}: ${epoch}`);
      }
    }
  });

  it('is the present one, and the right is put aside, once the keys have turned and no clock can differ', async () => {
    assert.deepEqual(await due(4, AT - 59), { epoch: PRESENT, settled: 0 });
    assert.deepEqual(await due(4, AT - 60), { epoch: PRESENT, settled: 1 });
    assert.deepEqual(await due(5, AT - 60), { epoch: 6, settled: 0 });
  });
});
