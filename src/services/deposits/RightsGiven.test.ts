import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import type { GrantState } from '../../protocol/evidence/facts.ts';
import { ZERO32, type Address, type Bytes32, type Handle } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ChartView } from './DepositQuota.ts';
import { DepositStore, type CheckedDeposit } from './DepositStore.ts';
import { GIVEN_ROWS } from './depositKeys.ts';
import { MOST_OF_CHART, MOST_OPENINGS } from './RightsGiven.ts';

const [DOCTOR, NURSE] = [addressOf('aa'), addressOf('bb')];
const [HANDLE, OTHER] = [word('handle'), word('other')];
const NOW = 1_000_000;

let database: ServiceDatabase;
let deposits: DepositStore;
let standing: Map<Bytes32, { readonly handle: Handle; readonly state: GrantState }>;
let moment: number;
let sources: number;

const view: ChartView = {
  get moment() {
    return moment;
  },
  patient: (handle) => {
    const range = { first: 1, count: 9, root: word('root') };
    return { handle, controller: DOCTOR, epoch: 1, ...range };
  },
  grant: (digest) => standing.get(digest),
  isPlaced: () => false,
};

beforeEach(() => {
  database = new MemoryDatabase();
  deposits = store();
  standing = new Map();
  moment = NOW;
  sources = 0;
});

function addressOf(byte: string): Address {
  return `0x${byte.repeat(20)}`;
}

function store(of = database): DepositStore {
  const random = seededRandom('rights given');
  const bodies = encryptBodies({ storageKey: new Uint8Array(32), random, primitives });
  return new DepositStore({ database: of, random, primitives, bodies });
}

/** A digest whose order is that of the number. */
function digestOf(number: number): Bytes32 {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

/** A grant that the ledger has, as a node takes it. */
function grantOf(
  number: number,
  {
    grantee = DOCTOR,
    handle = HANDLE,
    until = NOW + 3600,
  }: { readonly grantee?: Address; readonly handle?: Handle; readonly until?: number } = {},
): CheckedDeposit {
  sources += 1;
  const grant = digestOf(number);
  standing.set(grant, { handle, state: 'active' });
  const message = { handle, deadline: NOW + 300, terms: { grantee, until, number } };
  const request = { type: 'Grant', party: NURSE, message, signature: '0x' } as unknown;
  const copy = { submission: { request: request as Signed<'Grant'> } };
  const packets = { handle, packets: [], revision: 1 };
  return { packets, grant, source: { id: word(`source ${sources}`), copy } };
}

/** Numbers of the rights that a grantee is told of, page by page. */
async function told(grantee = DOCTOR, of = deposits): Promise<readonly (readonly number[])[]> {
  const pages: number[][] = [];
  for (let after = ZERO32; ;) {
    const page = await of.rights({ grantee, after }, view);
    const numbers = page.map(({ terms }) => (terms as unknown as { number: number }).number);
    if (numbers.length === 0) return pages;
    pages.push(numbers);
    after = digestOf(numbers.at(-1) ?? 0);
  }
}

describe('the rights of a grantee', () => {
  it('are told page by page in their order, each once, and nobody else’s', async () => {
    const many = Array.from({ length: MOST_OPENINGS + 10 }, (_, index) => index + 1);
    for (const number of many.toReversed()) await deposits.keep(grantOf(number), view);
    await deposits.keep(grantOf(500, { grantee: NURSE }), view);
    // The same grant, signed for again with another packet.
    await deposits.keep(grantOf(7), view);
    assert.deepEqual(await told(), [many.slice(0, MOST_OPENINGS), many.slice(MOST_OPENINGS)]);
    assert.deepEqual(await told(NURSE), [[500]]);
    assert.deepEqual(await told(addressOf('cc')), []);
  });

  it('are those that the ledger has on this chart, until they end or their time is over', async () => {
    for (const number of [1, 2, 3]) await deposits.keep(grantOf(number), view);
    await deposits.keep(grantOf(4, { until: NOW + 10 }), view);
    standing.delete(digestOf(1));
    standing.set(digestOf(2), { handle: HANDLE, state: 'ended' });
    assert.deepEqual(await told(), [[3, 4]]);
    moment = NOW + 10;
    assert.deepEqual(await told(), [[3]]);
  });

  // @attack a patient gives somebody thousands of rights, so that others' are not found among them | 256 of one chart are told
  it('are told up to a number of one chart, so that one patient hides no other’s', async () => {
    const many = Array.from({ length: MOST_OF_CHART + 3 }, (_, index) => index + 1);
    for (const number of many) await deposits.keep(grantOf(number), view);
    await deposits.keep(grantOf(2, {}), view);
    await deposits.keep(grantOf(9999, { handle: OTHER }), view);
    assert.deepEqual((await told()).flat(), [...many.slice(0, MOST_OF_CHART), 9999]);
  });

  // @attack a patient gives a thousand rights that end at once, so that the grantee finds no later one | rights whose time is over are neither read nor counted
  it('whose time is over are neither read nor counted, however many of them there are', async () => {
    const many = Array.from({ length: MOST_OF_CHART + 3 }, (_, index) => index + 1);
    for (const number of many) await deposits.keep(grantOf(number, { until: NOW + 10 }), view);
    await deposits.keep(grantOf(9998), view);
    moment = NOW + 10;
    let read = 0;
    const counting = new Proxy(database, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name);
        if (name === 'get') read += 1;
        return typeof found === 'function' ? (found.bind(target) as unknown) : found;
      },
    });
    assert.deepEqual(await told(DOCTOR, store(counting)), [[9998]]);
    assert.ok(read < 10, `${read} rows were read`);
  });

  it('are listed without their ends in what a version before this one kept, which is mended', async () => {
    for (const number of [1, 2]) await deposits.keep(grantOf(number), view);
    const rows = await database.keys(GIVEN_ROWS).all();
    for (const row of rows) await database.put(row, 'true');
    await database.put('listed', '2');
    const again = store();
    for await (const { sound } of again.copies.examine()) assert.ok(sound);
    assert.deepEqual(await told(DOCTOR, again), [[1, 2]]);
    const ends = await database.values(GIVEN_ROWS).all();
    assert.deepEqual(ends, [String(NOW + 3600), String(NOW + 3600)]);
    await database.put(rows[0] ?? '', String(NOW - 1));
    const unsound: Bytes32[] = [];
    for await (const { id, sound } of again.copies.examine()) if (!sound) unsound.push(id);
    assert.deepEqual(unsound, [word('source 1')]);
  });

  it('are forgotten with what is deleted, and each keeps its own row', async () => {
    for (const number of [1, 2, 3]) await deposits.keep(grantOf(number), view);
    standing.set(digestOf(1), { handle: HANDLE, state: 'ended' });
    moment = NOW + 10_000;
    const late = { ...view, patient: (of: Handle) => ({ ...view.patient(of), epoch: 2 }) };
    await deposits.collect(HANDLE, late as ChartView);
    const rows = await database.keys(GIVEN_ROWS).all();
    assert.equal(rows.length, 2, rows.join(', '));
    assert.ok(rows.every((key) => !key.includes(digestOf(1))));
  });

  it('are found in what an older version kept, which listed nothing by grantee', async () => {
    for (const number of [1, 2]) await deposits.keep(grantOf(number), view);
    await database.clear(GIVEN_ROWS);
    for (const mark of ['true', undefined]) {
      await database.clear(GIVEN_ROWS);
      await (mark === undefined ? database.del('listed') : database.put('listed', mark));
      const again = store();
      for await (const { sound } of again.copies.examine()) assert.ok(sound);
      assert.deepEqual(await told(DOCTOR, again), [[1, 2]]);
      for await (const { sound } of again.copies.examine()) assert.ok(sound);
    }
  });

  it('are damaged without their row, and are listed again by a copy; a row of none is deleted', async () => {
    const kept = grantOf(1);
    await deposits.keep(kept, view);
    await deposits.keep(grantOf(2), view);
    assert.deepEqual(await told(), [[1, 2]]);
    const [row = ''] = await database.keys(GIVEN_ROWS).all();
    await database.del(row);
    const damaged: Bytes32[] = [];
    for await (const { id, sound } of deposits.copies.examine()) if (!sound) damaged.push(id);
    assert.deepEqual(damaged, [kept.source?.id]);
    await deposits.keepCopy(kept, view);
    assert.deepEqual(await told(), [[1, 2]]);
    const strays = [
      row.replace(DOCTOR, NURSE),
      row.replace(digestOf(1), digestOf(8)),
      `${row}/more`,
      `given/${DOCTOR}`,
    ];
    for (const stray of strays) await database.put(stray, 'true');
    standing.set(digestOf(8), { handle: HANDLE, state: 'active' });
    assert.deepEqual([await told(), await told(NURSE)], [[[1, 2]], []]);
    await deposits.repairLists();
    assert.equal((await database.keys(GIVEN_ROWS).all()).length, 2);
    assert.deepEqual(await told(), [[1, 2]]);
  });
});
