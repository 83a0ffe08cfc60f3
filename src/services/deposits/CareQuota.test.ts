import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import type { Address } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { MOST_CARE } from './CareQuota.ts';
import type { ChartView } from './DepositQuota.ts';
import { DepositStore, type CheckedDeposit } from './DepositStore.ts';

const [doctor, other] = ['aa', 'bb'].map((digits) => `0x${digits.repeat(20)}`) as [
  Address,
  Address,
];
const NOW = 1_000_000;
/** Ten of them, and a little, are more than a party has. */
const TENTH = MOST_CARE / 10;

function store(): DepositStore {
  const random = seededRandom('care kept');
  const bodies = encryptBodies({ storageKey: new Uint8Array(32), random, primitives });
  const database = new MemoryDatabase();
  return new DepositStore({ database, random, primitives, bodies });
}

/** A node's view of a ledger that took these requests, by the names of their parties' prescriptions. */
function view(placed: readonly string[] = [], moment = NOW): ChartView {
  return {
    moment,
    patient: () => undefined,
    grant: () => undefined,
    isPlaced: ({ message }) => 'prescription' in message && placed.includes(message.prescription),
  };
}

/** A request to cancel the prescription of this name, which takes a tenth of a quota. */
function cancel(name: string, party = doctor): CheckedDeposit {
  const message = { prescription: word(name), deadline: NOW + 300 };
  const request = { type: 'CancelPrescription', party, message, signature: '0x' } as const;
  const filling = 'A'.repeat(TENTH) as `0x${string}`;
  const source = {
    id: word(`${party} ${name}`),
    copy: { care: { request, cosignature: filling } },
  };
  return { source };
}

async function full(): Promise<DepositStore> {
  const deposits = store();
  for (let n = 0; n < 9; n++) await deposits.keep(cancel(`no ${n}`), view());
  return deposits;
}

async function kept(deposits: DepositStore): Promise<number> {
  return (await deposits.copies.after(0)).kept.length;
}

const spent = failsWith('QUOTA_SPENT', { what: 'requests of care of one party' });

describe('room for requests of care that the ledger did not take', () => {
  // @actor doctor or pharmacist | to fill disks with what the ledger refuses
  it('is bounded for each party, and the same request again takes none', async () => {
    const deposits = await full();
    await assert.rejects(deposits.keep(cancel('more'), view()), spent);
    await deposits.keep(cancel('no 3'), view());
    await deposits.keep(cancel('more', other), view());
    assert.equal(await kept(deposits), 10);
  });

  it('is not taken by those that the ledger took, which stay', async () => {
    const deposits = await full();
    const placed = [word('no 1'), word('no 2')];
    await deposits.keep(cancel('more'), view(placed));
    await deposits.keep(cancel('yet more'), view(placed));
    await assert.rejects(deposits.keep(cancel('too many'), view(placed)), spent);
    // One that the ledger has is kept whatever else there is.
    await deposits.keep(cancel('late'), view([...placed, word('late')]));
    assert.equal(await kept(deposits), 12);
  });

  it('is free again an hour after their deadlines: they are forgotten, for the ledger cannot take them', async () => {
    const deposits = await full();
    const placed = [word('no 1')];
    const later = { ...view(placed, NOW + 300 + 3600) };
    await assert.rejects(deposits.keep(cancel('a'), view([], NOW + 300 + 3600)), spent);
    await deposits.keep(cancel('a'), later);
    await assert.rejects(deposits.keep(cancel('b'), later), spent);
    await deposits.keep(cancel('b'), view(placed, NOW + 300 + 3601));
    // The last one in the order stays, for its place would be given again.
    assert.equal(await kept(deposits), 3);
  });

  // @actor organisation | to fill others’ disks with a party's old requests
  it('is twice as much for what peers bring, and nothing for what is over', async () => {
    const deposits = await full();
    for (let n = 0; n < 10; n++) await deposits.keepCopy(cancel(`copy ${n}`), view());
    await assert.rejects(deposits.keepCopy(cancel('more'), view()), spent);
    const before = await kept(deposits);
    await deposits.keepCopy(cancel('old', other), view([], NOW + 300 + 3601));
    assert.equal(await kept(deposits), before);
    await deposits.keepCopy(cancel('old', other), view([word('old')], NOW + 300 + 3601));
    assert.equal(await kept(deposits), before + 1);
  });

  it('is not exceeded by many at once', async () => {
    const deposits = store();
    const all = Array.from({ length: 20 }, async (_, n) => {
      await deposits.keep(cancel(`at once ${n}`), view());
    });
    await Promise.allSettled(all);
    assert.ok((await kept(deposits)) <= 9);
  });
});
