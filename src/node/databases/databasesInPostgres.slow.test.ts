import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { viewVersions } from '../../client/records/viewVersions.ts';
import {
  startPostgres,
  WITHOUT_POSTGRES,
  type TestPostgres,
} from '../../database/test/startPostgres.ts';
import { parsePostgresAddress } from '../../database/postgres/PostgresAddress.ts';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openNetwork, openNetworkNode } from '../openNetwork.ts';
import { openOwnChart } from '../test/openOwnChart.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { databasesInPostgres } from './databasesInPostgres.ts';
import type { OpenDatabases } from './OpenDatabases.ts';

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'];
const STORES = ['contributor', 'coordinator', 'kept', 'letters', 'vault-index'];

describe('organisations whose stores are in PostgreSQL', { skip: WITHOUT_POSTGRES }, () => {
  let root: string;
  let server: TestPostgres;
  let openDatabases: OpenDatabases;
  before(async () => {
    root = await scratchFolder();
    server = await startPostgres();
    const address = parsePostgresAddress(server.url);
    const settings = { address, passwordFile: server.password };
    openDatabases = databasesInPostgres(settings, random);
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  it('add, show and erase records, also after they were started again, and have no store in their folders', async () => {
    const folder = join(root, 'network');
    const seed = 'b7'.repeat(32);
    const first = await openOwnChart(folder, seed, { openDatabases });
    const { patient, handle } = first;
    for (const category of ['imaging', 'laboratory'] as const) {
      const content = new TextEncoder().encode(`of the category ${category}`);
      await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
    }
    await eraseKeys(patient, 'imaging');
    await first.network.close();

    const again = await openOwnChart(folder, seed, { openDatabases });
    try {
      const wanted = { handle: again.handle, purpose: 'PATRQT' } as const;
      const { records } = await readChart(again.patient, wanted);
      assert.equal(records.length, 2);
      const { views } = await viewVersions(again.patient, wanted, records);
      for (const [place, view] of views.entries()) {
        if (records[place]?.category === 'imaging') {
          failsWith('RECORD_ERASED', { category: 'imaging' })(view);
        } else {
          assert.ok(!(view instanceof Error));
        }
      }
      const content = new TextEncoder().encode('of after the start');
      const added = { handle: again.handle, category: 'laboratory', content } as const;
      await addRecord(again.patient, { ...added, purpose: 'PATRQT' });
    } finally {
      await again.network.close();
    }
    for (const name of ORGANISATIONS) {
      const found = await readdir(join(folder, 'node', name));
      assert.deepEqual(
        found.filter((each) => each === 'logs' || STORES.includes(each)),
        [],
      );
      const schema = `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'medseal\\_%\\_${name}'`;
      const tables = server.sql(
        `SELECT tablename FROM pg_tables WHERE schemaname = (${schema}) ORDER BY 1`,
      );
      const logs = ORGANISATIONS.map((each) => `logs/${each}`).toSorted();
      const wanted = ['contributor', 'coordinator', 'kept', 'lease', 'letters', ...logs];
      assert.deepEqual(tables.trim().split('\n'), [...wanted, 'vault-index']);
    }
    const without = openNetwork({ folder, demo: true });
    await assert.rejects(without, failsWith('STORES_ELSEWHERE', { organisation: 'hospital' }));
    // As if they had been moved, and `database.secrets` were not set.
    await rename(join(folder, 'node/hospital/secrets'), join(folder, 'secrets'));
    const unset = openNetworkNode({ folder, demo: true, openDatabases });
    await assert.rejects(unset, failsWith('DATABASE_UNUSABLE'));
  });

  // @attack a store goes to the server, back to the folder and to the server again, and its former secrets still lie in the shared folder | they are not used in the place of those in the folder
  it('do not open with shared secrets while their folder has some of its own', async () => {
    const [own, shared] = [join(root, 'own'), join(root, 'shared')];
    const folder = await openOrganisationFolder(own);
    const network = `0x${'7e'.repeat(32)}` as const;
    const address = parsePostgresAddress(server.url);
    const at = { address, passwordFile: server.password };
    const shares = databasesInPostgres({ ...at, secrets: shared }, random);
    await (await shares('clinic', folder, network)).close();
    const [schema = ''] = await readdir(shared);
    const [first = '', ...others] = await readdir(join(shared, schema));
    assert.deepEqual(others, []);
    const logs = join(own, 'secrets/logs/clinic');
    await mkdir(logs, { recursive: true });
    // Emptied by a copy back to the folder.
    await (await shares('clinic', folder, network)).close();
    await writeFile(join(logs, 'CURRENT'), 'MANIFEST-000001');
    await assert.rejects(shares('clinic', folder, network), failsWith('DATABASE_UNUSABLE'));
    assert.deepEqual(await readdir(join(shared, schema)), [String(BigInt(first) + 1n)]);
  });

  it('are refused at a server if their folder has stores of its own, or another one the place', async () => {
    const folder = join(root, 'embedded');
    await (await openNetwork({ folder, demo: true })).close();
    const moved = openNetworkNode({ folder, demo: true, openDatabases });
    await assert.rejects(moved, failsWith('DATABASE_UNUSABLE'));
    await (await openNetwork({ folder, demo: true })).close();
  });
});

function random(length: number): Uint8Array {
  return randomBytes(length);
}
