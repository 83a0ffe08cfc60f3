import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import { systemClock } from '../folder/systemClock.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import { indexBasis, LedgerIndex, RULE_ROW_BYTES } from './LedgerIndex.ts';
import { fillIndex } from './test/fillIndex.ts';
import { judgeFilled } from './test/judgeFilled.ts';
import { grantOf, handleOf, partyOf, patientsLedger } from './test/patientsLedger.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Grants of each patient; all but one are ended, as after some years. */
const GRANTS = 10;
it(`a row of an index in memory takes up to ${RULE_ROW_BYTES} bytes, and not half of it`, async (t) => {
  const provider = patientsLedger(() => 2000);
  const index = new LedgerIndex({ provider, network, clock: systemClock });
  const before = used();
  await index.refresh();
  const bytes = (used() - before) / index.rows;
  t.diagnostic(`${bytes.toFixed(0)} bytes a row, ${index.rows} rows`);
  assert.equal(index.rows, 2000 * (3 + GRANTS));
  assert.ok(bytes <= RULE_ROW_BYTES);
  assert.ok(bytes > RULE_ROW_BYTES / 2);
});

it('an index on the disk takes hardly more memory for twice the rows, and answers for the first of them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-index-'));
  const database = new LevelDatabase(folder);
  try {
    let patients = 4000;
    const rows = await RowStore.open(database, 'basis');
    const provider = patientsLedger(() => patients);
    const index = new LedgerIndex({ provider, network, clock: systemClock, rows });
    await index.refresh();
    const first = used();
    patients *= 2;
    await index.refresh();
    const more = used() - first;
    const bytes = more / (index.rows / 2);
    t.diagnostic(`${bytes.toFixed(0)} bytes for each further row, ${index.rows} rows`);
    assert.equal(index.rows, patients * (3 + GRANTS));
    assert.ok(bytes < RULE_ROW_BYTES / 4);
    assert.equal(index.activeGrants(handleOf(0)).length, 1);
    assert.equal(index.grant(grantOf(0, 1))?.state, 'ended');
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
});

it('a later start on ten times the rows reads as little and takes as much memory, and so does a judgement', async (t) => {
  const few = await yearOld(2000);
  const many = await yearOld(20_000);
  t.diagnostic(JSON.stringify({ few, many }));
  assert.deepEqual(many.reads, few.reads);
  // The mark, and nothing of any patient.
  assert.ok(many.reads.start <= 2);
  // Grantee, chart and grant; that nobody reported a birth or a death of the patient.
  assert.ok(many.reads.judgement <= 5);
  assert.ok(many.bytes.start < 2 ** 20);
  assert.ok(many.bytes.digest < 2 ** 20);
});

it('the filled rows of a ledger are those that an index makes as it reads it', async () => {
  const patients = 300;
  await inFolder(async (read) => {
    const rows = await RowStore.open(read, indexBasis(network));
    const provider = patientsLedger(() => patients);
    await new LedgerIndex({ provider, network, clock: systemClock, rows }).refresh();
    await inFolder(async (filled) => {
      await fillIndex(filled, patients);
      const made = await RowStore.open(filled, indexBasis(network));
      assert.equal(await made.digest(), await rows.digest());
      assert.deepEqual(made.mark, rows.mark);
    });
  });
});

/** Costs of an index of so many patients: reads of the database, and bytes that are held in memory. */
interface Costs {
  readonly reads: { readonly start: number; readonly judgement: number };
  readonly bytes: { readonly start: number; readonly digest: number };
}

/** Measures an index whose rows are on the disk. */
async function yearOld(patients: number): Promise<Costs> {
  return await inFolder(async (database) => {
    await fillIndex(database, patients);
    let reads = 0;
    const counted = new Proxy(database, {
      get(target, name) {
        if (name === 'get' || name === 'getSync' || name === 'iterator') reads += 1;
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
    const before = used();
    const rows = await RowStore.open(counted, indexBasis(network));
    const provider = patientsLedger(() => patients);
    const index = new LedgerIndex({ provider, network, clock: systemClock, rows });
    await index.refresh();
    const start = { reads, bytes: used() - before };
    assert.equal(index.rows, patients * (3 + GRANTS));
    reads = 0;
    const patient = patients - 7;
    judgeFilled(index, patient, partyOf(5));
    const judgement = reads;
    const began = used();
    await rows.digest();
    return {
      reads: { start: start.reads, judgement },
      bytes: { start: start.bytes, digest: used() - began },
    };
  });
}

async function inFolder<Result>(
  measure: (database: LevelDatabase) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-index-'));
  const database = new LevelDatabase(folder);
  try {
    return await measure(database);
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
}

/** Bytes that are held, once what is not has gone. */
function used(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
