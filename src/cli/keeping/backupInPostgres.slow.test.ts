import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import type { Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { viewVersions } from '../../client/records/viewVersions.ts';
import { parsePostgresAddress } from '../../database/postgres/PostgresAddress.ts';
import {
  startPostgres,
  WITHOUT_POSTGRES,
  type TestPostgres,
} from '../../database/test/startPostgres.ts';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { erasedRows } from '../../log/erasedRows.ts';
import { databasesInPostgres } from '../../node/databases/databasesInPostgres.ts';
import type { OpenDatabases } from '../../node/databases/OpenDatabases.ts';
import { openOwnChart } from '../../node/test/openOwnChart.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import { collectRun, runMedseal, startMedseal, type Run } from '../test/runMedseal.ts';

const SEED = 'd5'.repeat(32);
const ORGANISATIONS = ['hospital', 'insurer', 'laboratory'];

interface Backup {
  readonly paused?: number;
  readonly logs: readonly { readonly log: string; readonly size: number }[];
}

describe('medseal backup of stores in PostgreSQL', { skip: WITHOUT_POSTGRES }, () => {
  let root: string;
  let data: string;
  let server: TestPostgres;
  let openDatabases: OpenDatabases;
  /** Entries of records that were acknowledged. */
  const acknowledged: Bytes32[] = [];
  before(async () => {
    root = await scratchFolder();
    data = join(root, 'network');
    server = await startPostgres();
    openDatabases = databasesAt(server);
    const { network, patient, handle } = await openOwnChart(data, SEED, { openDatabases });
    for (const category of ['imaging', 'laboratory'] as const)
      acknowledged.push(await add({ patient, handle }, `of ${category}`, category));
    await network.close();
    await configure({ database: { url: server.url, password: server.password } });
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  async function configure(settings: object, folder = data): Promise<void> {
    await writeFile(join(folder, 'medseal.json'), JSON.stringify(settings), { mode: 0o600 });
  }
  async function back(to: string): Promise<Run> {
    return await runMedseal('backup', '--data', data, '--to', join(root, to), '--json');
  }
  async function made(to: string): Promise<Backup> {
    const { code, stdout } = await back(to);
    assert.equal(code, 0, stdout);
    return JSON.parse(stdout) as Backup;
  }
  async function restored(from: string): Promise<string> {
    const folder = join(root, `restored ${from}`);
    const run = await runMedseal('restore', join(root, from), '--data', folder);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /store migrate/);
    return folder;
  }

  it('refuses without the server’s address, and leaves nothing', async () => {
    await configure({});
    const { stdout } = await back('elsewhere');
    assert.match(stdout, /STORES_ELSEWHERE/);
    assert.ok(!existsSync(join(root, 'elsewhere')) && !existsSync(join(data, 'snapshot')));
    await configure({ database: { url: server.url, password: server.password } });
  });

  it('is whole, of a stopped node, and a folder of its own when it is restored, with all that was acknowledged', async () => {
    const { paused, logs } = await made('still.tar');
    assert.equal(paused, undefined);
    assert.equal(logs.length, ORGANISATIONS.length ** 2);
    assert.ok(!(await readdir(data)).includes('snapshot'));
    const folder = await restored('still.tar');
    for (const name of ORGANISATIONS) {
      const found = await readdir(join(folder, 'node', name));
      assert.ok(found.includes('vault-index') && found.includes('logs'));
      assert.ok(!found.includes('stores.json') && !found.includes('secrets'));
    }
    assert.ok(existsSync(join(folder, 'restored.json')), 'it asks others what it missed');
    await isWhole(folder);
    await shows(folder, acknowledged);
    await isWhole(folder);
    assert.deepEqual((await made('still again')).logs, logs);
  });

  it('is of one moment, of a node that runs under load', async (t: TestContext) => {
    const running = await openOwnChart(data, SEED, { openDatabases });
    t.after(async () => await running.network.close());
    const loading = new AbortController();
    t.after(() => loading.abort());
    const load = (async () => {
      for (let number = 0; !loading.signal.aborted; number++)
        acknowledged.push(await add(running, `under load ${number}`, 'other'));
    })();
    for (const name of ['one', 'two.tar']) {
      const known = acknowledged.length;
      while (acknowledged.length < known + 3) await soon();
      const before = acknowledged.slice();
      const { paused } = await made(name);
      assert.ok(paused !== undefined);
      const folder = await restored(name);
      await isWhole(folder);
      await shows(folder, before);
    }
    loading.abort();
    await load;
  });

  it('goes to another server once it is restored, and not over the rows of the first', async () => {
    await made('moved.tar');
    const folder = await restored('moved.tar');
    const other = await startPostgres();
    const migrate = async (to: TestPostgres): Promise<Run> => {
      const target = ['--to', to.url, '--password', to.password];
      return await runMedseal('store', 'migrate', '--data', folder, ...target, '--json');
    };
    assert.match((await migrate(server)).stdout, /DATABASE_UNUSABLE/);
    const moved = await migrate(other);
    assert.equal(moved.code, 0, moved.stdout);
    await shows(folder, acknowledged, other);
    await other.stop();
  });

  it('is not made while another machine’s node has the lease, or by one that waits', async () => {
    const held = await openOwnChart(data, SEED, { openDatabases });
    const waiting = join(root, 'waiting');
    const { code } = await runMedseal('restore', join(root, 'moved.tar'), '--data', waiting);
    assert.equal(code, 0);
    for (const name of ORGANISATIONS) {
      const mark = `node/${name}/stores.json`;
      await writeFile(join(waiting, mark), await readFile(join(data, mark)));
    }
    await configure({ database: { url: server.url, password: server.password } }, waiting);
    const run = await runMedseal('backup', '--data', waiting, '--to', join(root, 'no'), '--json');
    assert.match(run.stdout, /DATABASE_LOCKED/);
    assert.ok(!existsSync(join(root, 'no')));
    await held.network.close();
  });

  it('leaves nothing if the server is lost, or the command killed; the next one is whole', async () => {
    await server.block(`${schemaOf('hospital')}."letters"`);
    const lost = startMedseal(['backup', '--data', data, '--to', join(root, 'lost'), '--json']);
    const ended = collectRun(lost);
    await untilOneWaits();
    const crashed = server.crash();
    const { code, stdout } = await ended;
    await crashed;
    assert.notEqual(code, 0);
    assert.match(stdout, /STORAGE_FAILED|BACKUP_FAILED/);
    assert.ok(!existsSync(join(root, 'lost')) && !existsSync(join(data, 'snapshot')));
    const again = await server.block(`${schemaOf('hospital')}."letters"`);
    const killed = startMedseal(['backup', '--data', data, '--to', join(root, 'lost.tar')]);
    const gone = collectRun(killed);
    await untilOneWaits();
    killed.kill('SIGKILL');
    await gone;
    await again();
    assert.ok(!existsSync(join(root, 'lost.tar')));
    await made('lost.tar');
    await isWhole(await restored('lost.tar'));
    assert.ok(!existsSync(join(data, 'snapshot')));
  });

  // @attack a body was erased, and somebody looks for its secret in a later backup | no file of it has the secret, that of before had it
  it('has no secret of a body that was erased before', async () => {
    await made('with');
    const before = await secrets();
    const { networkId } = await readNetworkFile(join(data, 'network.json'));
    const folder = await openOrganisationFolder(join(data, 'node/hospital'));
    const stores = await openDatabases('hospital', folder, networkId);
    const log = await stores.database('logs/hospital');
    const [row] = erasedRows(0, undefined);
    assert.ok(row);
    await log.purge([{ type: 'put', ...row }]);
    await log.close();
    await stores.close();
    await made('without');
    const left = new Set((await secrets()).map((each) => each.toString('hex')));
    const gone = before.filter((each) => !left.has(each.toString('hex')));
    assert.ok(gone.length === 1 && left.size > 0, `${before.length}, ${left.size}`);
    for (const secret of gone) {
      assert.ok((await filesWith(join(root, 'with'), secret)).length > 0, 'the search finds it');
      assert.deepEqual(await filesWith(join(root, 'without'), secret), []);
    }
  });

  /** Secrets of bodies of the stopped node's own log. */
  async function secrets(): Promise<readonly Buffer[]> {
    const path = join(data, 'node/hospital/secrets/logs/hospital');
    const database = new ClassicLevel<Buffer, Buffer>(path, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    await database.open();
    const rows = await database.iterator().all();
    await database.close();
    return rows.flatMap(([key, value]) => (key[0] === 0 ? [value.subarray(0, 32)] : []));
  }
  function schemaOf(organisation: string): string {
    return server
      .sql(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'medseal\\_%\\_${organisation}'`)
      .trim();
  }
  /** Waits until a reader of Medseal waits for a table. */
  async function untilOneWaits(): Promise<void> {
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'medseal' AND wait_event_type = 'Lock'`;
    while (server.sql(waiting).trim() === '0') await soon();
  }
});

async function add(
  { patient, handle }: { readonly patient: Party; readonly handle: Handle },
  text: string,
  category: 'imaging' | 'laboratory' | 'other',
): Promise<Bytes32> {
  const content = new TextEncoder().encode(text);
  const version = { handle, category, content, purpose: 'PATRQT' } as const;
  return (await addRecord(patient, version)).acknowledgement.entry;
}

function databasesAt(at: TestPostgres): OpenDatabases {
  const settings = { address: parsePostgresAddress(at.url), passwordFile: at.password };
  return databasesInPostgres(settings, systemRandom);
}

async function isWhole(folder: string): Promise<void> {
  const { stdout } = await runMedseal('fsck', '--data', folder, '--json');
  const { counts } = JSON.parse(stdout) as { readonly counts?: object };
  // The patient's key is in this test's memory alone.
  assert.deepEqual(counts, { keys: 1 }, stdout);
}

async function filesWith(folder: string, needle: Buffer): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(needle)) found.push(path);
  }
  return found;
}

/** Requires entries to be on the chart of a folder, whose stores are where the folder says. */
async function shows(
  folder: string,
  entries: readonly Bytes32[],
  at?: TestPostgres,
): Promise<void> {
  const options = at && { openDatabases: databasesAt(at) };
  // Its organisations were all restored: nobody else has later ones.
  await rm(join(folder, 'restored.json'), { force: true });
  const { network, patient, handle } = await openOwnChart(folder, SEED, options);
  const wanted = { handle, purpose: 'PATRQT' } as const;
  const { records } = await readChart(patient, wanted);
  const found = new Set(records.map(({ acknowledgement }) => acknowledgement.entry));
  for (const entry of entries) assert.ok(found.has(entry), entry);
  for (const view of await viewVersions(patient, wanted, records).then(({ views }) => views))
    assert.ok(!(view instanceof Error) || 'code' in view);
  await network.close();
}
