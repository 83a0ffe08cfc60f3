import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import type { GrantState } from '../../protocol/evidence/facts.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';
import { ENDINGS, endingKey, sourceKey } from './depositKeys.ts';
import type { ChartView } from './DepositQuota.ts';
import { DepositStore, type CheckedDeposit } from './DepositStore.ts';
import { examineSigned } from './examineSigned.ts';

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
  database = new MemoryDatabase();
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

async function deadlines(deposits: DepositStore): Promise<readonly number[]> {
  return (await deposits.endings(view)).map(({ message }) => message.deadline);
}

/** Faults that an examination of the stopped node finds. */
async function faults(): Promise<readonly string[]> {
  const found: string[] = [];
  const examination = {
    ports: { random: seededRandom('examination'), primitives },
    keys: { storage: new Uint8Array(32) },
  } as unknown as OrganisationExamination;
  const endings = await database.iterator(ENDINGS).all();
  const rows = { held: [], cares: [], given: [], endings, revisions: new Map<string, number>() };
  await examineSigned(examination, database, rows, (what) => found.push(what));
  return found;
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

  it('wait with the latest deadline that was signed, whichever of them is brought again', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT, 2_000_001), view);
    await deposits.keep(endOf(GRANT), view);
    assert.deepEqual(await deadlines(deposits), [2_000_001]);
    await deposits.keepCopy(endOf(GRANT), view);
    const again = open();
    await again.readEndings();
    assert.deepEqual(await deadlines(again), [2_000_001]);
    await again.keep(endOf(GRANT, 2_000_002), view);
    assert.deepEqual(await deadlines(again), [2_000_002]);
    for await (const { sound } of again.copies.examine()) assert.ok(sound);
  });

  it('hold where their row was damaged, when the store is opened, until a copy makes it good', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT), view);
    for (const row of ['x', '7', '"x"', JSON.stringify(word('nothing'))]) {
      await database.put(endingKey(GRANT), row);
      told = [];
      const again = open();
      await again.readEndings();
      assert.deepEqual(told, [GRANT], row);
      await again.keepCopy(endOf(GRANT), view);
      assert.deepEqual(await waiting(again), [GRANT], row);
    }
  });

  it('stay for a repair if their source cannot be read: the right goes on after no restart', async () => {
    const deposits = open();
    await deposits.keep(endOf(GRANT), view);
    const id = endOf(GRANT).source?.id ?? assert.fail();
    await database.put(sourceKey(id), '0x00');
    await deposits.repairLists();
    assert.equal(await database.get(endingKey(GRANT)), JSON.stringify(id));
    const again = open();
    await again.readEndings();
    assert.deepEqual(told, [GRANT, GRANT]);
    await again.keepCopy(endOf(GRANT), view);
    assert.deepEqual(await waiting(again), [GRANT]);
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

  // @attack a patient’s device signs the end of one right with many deadlines | the one that waits longest is kept, and the last that came
  it('of one right take room once, and no copy of an older one comes back', async () => {
    const deposits = open();
    for (let later = 0; later < 9; later++)
      await deposits.keep(endOf(GRANT, 2_000_000 + later), view);
    for (let sooner = 1; sooner < 9; sooner++) {
      await deposits.keep(endOf(GRANT, 2_000_000 - sooner), view);
    }
    await deposits.keep(endOf(OTHER), view);
    await deposits.collect(HANDLE, view);
    await deposits.keepCopy(endOf(GRANT), view);
    const kept = new Map<Bytes32 | undefined, boolean>();
    for await (const { id, sound } of deposits.copies.examine()) kept.set(id, sound);
    const wanted = [endOf(GRANT, 2_000_008), endOf(OTHER)].map(({ source }) => source?.id);
    assert.deepEqual(kept, new Map(wanted.map((id) => [id, true])));
    assert.deepEqual(new Set(await deadlines(deposits)), new Set([2_000_000, 2_000_008]));
    assert.deepEqual(await faults(), []);
    const again = open();
    await again.readEndings();
    assert.deepEqual(new Set(await deadlines(again)), new Set([2_000_000, 2_000_008]));
  });

  // @attack a row names the signed end of another right | the right goes on, and an examination finds the row
  it('end no right by a row that leads to the end of another one, and an examination finds that', async () => {
    await open().keep(endOf(GRANT), view);
    assert.deepEqual(await faults(), []);
    const row = JSON.stringify(endOf(GRANT).source?.id);
    await database.put(endingKey(OTHER), row);
    told = [];
    await open().readEndings();
    assert.deepEqual(told, [GRANT]);
    assert.deepEqual(await faults(), [`the row of a signed end was altered: ${endingKey(OTHER)}`]);
    await database.put(endingKey(OTHER), '7');
    assert.deepEqual(await faults(), [`the row of a signed end was altered: ${endingKey(OTHER)}`]);
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
