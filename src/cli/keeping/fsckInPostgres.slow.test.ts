import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { parsePostgresAddress } from '../../database/postgres/PostgresAddress.ts';
import { PostgresSession } from '../../database/postgres/PostgresSession.ts';
import {
  startPostgres,
  WITHOUT_POSTGRES,
  type TestPostgres,
} from '../../database/test/startPostgres.ts';
import { databasesInPostgres } from '../../node/databases/databasesInPostgres.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { openOwnChart } from '../../node/test/openOwnChart.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { FolderFault } from '../../services/examination/FolderFault.ts';
import { runMedseal, type Run } from '../test/runMedseal.ts';

interface Printed {
  readonly ok: boolean;
  readonly parts: readonly { readonly name: string }[];
  readonly repaired?: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly FolderFault[];
}

describe('medseal fsck of stores in PostgreSQL', { skip: WITHOUT_POSTGRES }, () => {
  let root: string;
  let data: string;
  let server: TestPostgres;
  /** The hospital's schema. */
  let schema: string;
  before(async () => {
    root = await scratchFolder();
    data = join(root, 'network');
    server = await startPostgres();
    const settings = { address: parsePostgresAddress(server.url), passwordFile: server.password };
    const openDatabases = databasesInPostgres(settings, systemRandom);
    const { network, patient, handle } = await openOwnChart(data, 'c3'.repeat(32), {
      openDatabases,
    });
    const content = new TextEncoder().encode('a record');
    await addRecord(patient, { handle, category: 'imaging', content, purpose: 'PATRQT' });
    await network.close();
    // Of a patient whose key this test has in memory.
    await rm(join(data, 'parties'), { recursive: true });
    const [found = ''] = server
      .sql(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'medseal\\_%\\_hospital'`)
      .split('\n');
    schema = found;
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  async function configure(settings: object): Promise<void> {
    await writeFile(join(data, 'medseal.json'), JSON.stringify(settings), { mode: 0o600 });
  }
  async function fsck(...words: string[]): Promise<Run & { readonly printed: Printed }> {
    await configure({ database: { url: server.url, password: server.password } });
    const run = await runMedseal('fsck', '--data', data, '--json', ...words);
    const { faults = [], counts = {}, ...found } = JSON.parse(run.stdout) as Partial<Printed>;
    return { ...run, printed: { ok: false, parts: [], ...found, faults, counts } };
  }
  /** Rows of all of the hospital's tables but the lease, as one hash. */
  const digest = (): string =>
    ['logs/hospital', 'logs/laboratory', 'coordinator', 'kept', 'letters', 'vault-index']
      .map((name) =>
        server.sql(
          `SELECT md5(string_agg(encode(key || value, 'hex'), ',' ORDER BY key)) FROM ${schema}."${name}"`,
        ),
      )
      .join();

  it('refuses without the server’s address, and while another machine’s node has the lease', async () => {
    await configure({});
    const elsewhere = await runMedseal('fsck', '--data', data, '--json');
    assert.match(elsewhere.stdout, /STORES_ELSEWHERE/);
    const session = await PostgresSession.open({
      address: parsePostgresAddress(server.url),
      passwordFile: server.password,
      schema,
    });
    const locked = await fsck();
    await session.close();
    assert.match(locked.stdout, /DATABASE_LOCKED/);
  });

  it('examines all stores there, and changes no row', async () => {
    const before = digest();
    const { code, printed } = await fsck();
    assert.deepEqual([code, printed.ok, printed.faults], [0, true, []]);
    const names = printed.parts.map(({ name }) => name);
    for (const name of ['hospital: log care/hospital', 'insurer: log care/hospital']) {
      assert.ok(names.includes(name), names.join());
    }
    const verified = await runMedseal(
      'verify',
      'node',
      '--data',
      data,
      '--config',
      join(data, 'medseal.json'),
      '--json',
    );
    const { findings } = JSON.parse(verified.stdout) as { findings: { safe: boolean }[] };
    assert.ok(findings.length > 5 && findings.every(({ safe }) => safe), verified.stdout);
    assert.equal(digest(), before);
  });

  it('rebuilds there what other rows give', async () => {
    // A log's index of requests.
    server.sql(`DELETE FROM ${schema}."logs/hospital" WHERE substr(key, 1, 1) = '\\x06'`);
    const damaged = await fsck('--organisation', 'hospital');
    assert.deepEqual(Object.keys(damaged.printed.counts), ['log-index']);
    const { code, printed } = await fsck('--organisation', 'hospital', '--repair');
    assert.deepEqual([code, printed.ok, printed.faults], [0, true, []]);
    assert.ok((printed.repaired ?? 0) > 0);
  });

  it('finds a body that was altered, a secret that is lost, and a table that is gone, which it does not make', async () => {
    const flip = (): string =>
      server.sql(
        `UPDATE ${schema}."logs/hospital" SET value = set_byte(value, 9, get_byte(value, 9) # 1)
          WHERE substr(key, 1, 1) = '\\x02'`,
      );
    flip();
    server.sql(`DROP TABLE ${schema}."letters"`);
    const { code, printed } = await fsck('--organisation', 'hospital');
    assert.equal(code, 1);
    const missing = { 'log-body': 1, 'database-unreadable': 1 };
    assert.deepEqual(printed.counts, { ...missing, 'database-row': 1 });
    const sorted = printed.faults.toSorted((a, b) => (a.kind > b.kind ? -1 : 1));
    assert.deepEqual(
      sorted.map(({ path }) => path),
      ['node/hospital/logs/hospital', 'node/hospital/letters', 'node/hospital/logs/hospital'],
    );
    const tables = `SELECT count(*) FROM pg_tables WHERE schemaname = '${schema}' AND tablename = 'letters'`;
    assert.equal(server.sql(tables).trim(), '0');
    flip();
    await rm(join(data, 'node/hospital/secrets/logs/hospital'), { recursive: true });
    const lost = await fsck('--organisation', 'hospital');
    assert.deepEqual(lost.printed.counts, missing);
  });
});
