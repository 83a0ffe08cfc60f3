import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowStore } from '../database/rows/RowStore.ts';
import type { LocalDatabase } from '../database/synced.ts';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import { indexBasis, LedgerIndex } from '../services/LedgerIndex.ts';
import { patientsLedger } from '../services/test/patientsLedger.ts';
import { examineIndexFolder } from './examineIndexFolder.ts';

/** An index at block 33 of a ledger, whose rows have a digest of block 32 or 33. */
async function keptIndex(blocks: readonly number[]): Promise<LocalDatabase> {
  const database = new MemoryDatabase();
  let patients = 0;
  const rows = await RowStore.open(database, indexBasis(network));
  const provider = patientsLedger(() => patients);
  const index = new LedgerIndex({
    provider,
    network,
    clock: new TestClock(1_800_000_000_000),
    rows,
  });
  for (const block of blocks) {
    patients = block + 1;
    await index.refresh();
    await index.digested();
  }
  await index.refresh();
  return database;
}

/** Examines an index whose ledger is elsewhere. */
async function examined(database: LocalDatabase): Promise<{
  readonly faults: readonly string[];
  readonly holds: readonly string[];
}> {
  const faults: string[] = [];
  const holds: string[] = [];
  await examineIndexFolder(database, {
    network,
    clock: new TestClock(1_800_000_000_000),
    provider: undefined,
    hearer: {
      fault: ({ what }) => void faults.push(what),
      part: (part) => void holds.push(part.holds),
      progress: () => undefined,
    },
  });
  return { faults, holds };
}

describe('an examination of an index whose ledger is elsewhere', () => {
  it('finds nothing in one that is as it was written, and names the digest of its rows with their block', async () => {
    for (const blocks of [
      [31, 32],
      [31, 32, 40],
    ]) {
      const { faults, holds } = await examined(await keptIndex(blocks));
      assert.deepEqual(faults, []);
      assert.match(holds[0] ?? '', /^\d+ rows; at block \d+ their digest is 0x[0-9a-f]{64}$/);
    }
  });

  it('finds a row that is altered, missing or added since the digest, if no event came since', async () => {
    const changes: Readonly<
      Record<string, (database: LocalDatabase, key: string) => Promise<void>>
    > = {
      altered: async (database, key) => await database.put(key, '[]', { valueEncoding: 'utf8' }),
      missing: async (database, key) => await database.del(key),
      added: async (database) => await database.put('grant/0x1', '{}', { valueEncoding: 'utf8' }),
    };
    for (const [name, change] of Object.entries(changes)) {
      const database = await keptIndex([31, 32]);
      const [key = ''] = await database.keys({ gte: 'active/', limit: 1 }).all();
      await change(database, key);
      const { faults } = await examined(database);
      assert.match(
        faults.join(),
        /not those that were compared with other organisations at block 32/,
        name,
      );
    }
  });

  it('concludes nothing from a digest of earlier rows, or if a version wrote them that made none', async () => {
    const database = await keptIndex([31, 32, 33]);
    assert.deepEqual((await examined(database)).faults, []);
    const text = String(await database.get('mark', { valueEncoding: 'utf8' }));
    const noted = JSON.parse(text) as { mark: { block: number; hash: string } };
    const { block, hash } = noted.mark;
    const earlier = JSON.stringify({ ...noted, mark: { block, hash } });
    await database.put('mark', earlier, { valueEncoding: 'utf8' });
    assert.deepEqual((await examined(database)).faults, []);
  });
});
