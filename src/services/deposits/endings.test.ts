import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import type { GrantState } from '../../protocol/evidence/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { endingKey } from './depositKeys.ts';
import type { ChartView } from './DepositQuota.ts';
import { DepositStore, type CheckedDeposit } from './DepositStore.ts';

const PATIENT: Address = `0x${'aa'.repeat(20)}`;
const HANDLE = word('handle');
const [GRANT, OTHER] = [word('grant'), word('other')];

let database: ServiceDatabase;
let told: Bytes32[];
let onLedger: Map<Bytes32, GrantState>;

const view: ChartView = {
  moment: 1_000_000,
  patient: (handle) => {
    const range = { first: 1, count: 9, root: word('root') };
    return { handle, controller: PATIENT, epoch: 1, ...range };
  },
  grant: (digest) => {
    const state = onLedger.get(digest);
    return state && { handle: HANDLE, state };
  },
  isPlaced: () => false,
};

beforeEach(() => {
  database = new MemoryLevel();
  told = [];
  onLedger = new Map([
    [GRANT, 'active'],
    [OTHER, 'active'],
  ]);
});

function tell(grant: Bytes32): void {
  told.push(grant);
}

function open(): DepositStore {
  const random = seededRandom('endings');
  const bodies = encryptBodies({ storageKey: new Uint8Array(32), random, primitives });
  return new DepositStore({ database, random, primitives, bodies, onEnding: tell });
}

/** A signed end as `checkDeposit` returns it. */
function endOf(grant: Bytes32, deadline = 2_000_000): CheckedDeposit {
  const message = { handle: HANDLE, grant, deadline };
  const request = { type: 'End', party: PATIENT, message, signature: '0x00' } as Signed<'End'>;
  const id = word(`end of ${grant} until ${deadline}`);
  const packets = { handle: HANDLE, packets: [], revision: 0 };
  return { packets, source: { id, copy: { submission: { request } } } };
}

async function waiting(deposits: DepositStore): Promise<readonly Bytes32[]> {
  return (await deposits.endings(view)).map(({ message }) => message.grant);
}

describe('signed ends of rights in a node’s store', () => {
  it('are told of once they are kept, and again when the store is opened, before anything is judged', async () => {
    await open().keep(endOf(GRANT), view);
    assert.deepEqual(told, [GRANT]);
    const again = open();
    assert.deepEqual(await waiting(again), []);
    await again.readEndings();
    assert.deepEqual(told, [GRANT, GRANT]);
    assert.deepEqual(await waiting(again), [GRANT]);
  });

  it('are kept once however often they are signed, and go once the ledger has one', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT), view);
    await deposits.keep(endOf(GRANT, 2_000_001), view);
    await deposits.keep(endOf(OTHER), view);
    assert.deepEqual((await waiting(deposits)).toSorted(), [GRANT, OTHER].toSorted());
    onLedger.set(GRANT, 'ended');
    assert.deepEqual(await waiting(deposits), [OTHER]);
    await deposits.collect(HANDLE, view);
    assert.equal(await database.get(endingKey(GRANT)), undefined);
    assert.notEqual(await database.get(endingKey(OTHER)), undefined);
  });

  it('stay after their deadline, as long as the ledger does not have them', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT, 1000), view);
    await deposits.keep(endOf(OTHER), view);
    await deposits.collect(HANDLE, view);
    assert.notEqual(await database.get(endingKey(GRANT)), undefined);
  });

  it('are found damaged if their row is lost or names another one, and a copy makes it good', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT), view);
    await deposits.keep(endOf(OTHER), view);
    for (const row of [undefined, '"x"', '7', await database.get(endingKey(OTHER))]) {
      if (row === undefined) await database.del(endingKey(GRANT));
      else await database.put(endingKey(GRANT), row);
      const unsound: Bytes32[] = [];
      for await (const { id, sound } of deposits.copies.examine()) if (!sound) unsound.push(id);
      assert.deepEqual(unsound, [endOf(GRANT).source?.id], row);
      await deposits.keepCopy(endOf(GRANT), view);
      for await (const { sound } of deposits.copies.examine()) assert.ok(sound);
    }
  });

  it('end no right by a row that leads to none of them', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT), view);
    await database.put(endingKey(OTHER), JSON.stringify(endOf(GRANT).source?.id));
    await deposits.repairLists();
    assert.equal(await database.get(endingKey(OTHER)), undefined);
    assert.notEqual(await database.get(endingKey(GRANT)), undefined);
  });
});
