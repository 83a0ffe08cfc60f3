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
import { LedgerIndex, RULE_ROW_BYTES } from './LedgerIndex.ts';
import { grantOf, handleOf, patientsLedger } from './test/patientsLedger.ts';

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

/** Bytes that are held, once what is not has gone. */
function used(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
