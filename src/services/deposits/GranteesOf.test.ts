import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { GranteesOf } from './GranteesOf.ts';
import type { SourceRow } from './DepositFeed.ts';
import { patientDepositKey } from './depositKeys.ts';

const HANDLE = idOf(1);
const DOCTOR = addressOf(1);
const NURSE = addressOf(2);
let database: MemoryDatabase;
let sources: Map<Bytes32, SourceRow>;
let read: number;
let grantees: GranteesOf;

beforeEach(() => {
  database = new MemoryDatabase();
  sources = new Map();
  read = 0;
  grantees = new GranteesOf(database, {
    source: async (id) => {
      read += 1;
      return await Promise.resolve(sources.get(id));
    },
  });
});

function idOf(number: number): Bytes32 {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

function addressOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

/** A grant as the store keeps it; what is kept without a grant if no grantee is given. */
function sourceOf(number: number, grantee?: Address): SourceRow {
  const request = { type: 'Grant', message: { handle: HANDLE, terms: { grantee } } };
  const copy = { submission: { request } } as unknown as SourceRow['copy'];
  const id = idOf(number);
  return { id, copy, place: number, packets: [], revision: 0, ...(grantee && { grant: id }) };
}

async function keep(source: SourceRow, handle = HANDLE): Promise<void> {
  sources.set(source.id, source);
  await database.put(patientDepositKey({ handle, id: source.id }), '1');
}

async function listed(): Promise<readonly Address[]> {
  return (await grantees.list(HANDLE)).map(({ grantee }) => grantee);
}

describe('whom a patient gave rights', () => {
  it('is found in the grants that are kept for this patient, and in nothing else', async () => {
    await keep(sourceOf(10, DOCTOR));
    await keep(sourceOf(11));
    await keep(sourceOf(12, NURSE), idOf(2));
    await keep(sourceOf(13, NURSE), idOf(0));
    assert.deepEqual(await listed(), [DOCTOR]);
  });

  it('is read once, and kept up as grants come and go', async () => {
    await keep(sourceOf(10, DOCTOR));
    await listed();
    grantees.add(HANDLE, sourceOf(11, NURSE));
    grantees.add(HANDLE, sourceOf(12));
    assert.deepEqual(await listed(), [DOCTOR, NURSE]);
    grantees.remove(HANDLE, [
      { type: 'del', key: `source/${idOf(10)}` },
      { type: 'del', key: `feed/${idOf(11)}` },
    ]);
    assert.deepEqual(await listed(), [NURSE]);
    assert.equal(read, 1);
  });

  it('is not begun by what comes before it was read', async () => {
    await keep(sourceOf(10, DOCTOR));
    grantees.add(HANDLE, sourceOf(11, NURSE));
    grantees.remove(HANDLE, [{ type: 'del', key: `source/${idOf(10)}` }]);
    assert.deepEqual(await listed(), [DOCTOR], 'what lies in the database is read');
  });
});
