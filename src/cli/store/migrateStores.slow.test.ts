import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import {
  startPostgres,
  WITHOUT_POSTGRES,
  type TestPostgres,
} from '../../database/test/startPostgres.ts';
import {
  runMedseal,
  startMedseal,
  startUntilReady,
  temporaryFolder,
  type Run,
} from '../test/runMedseal.ts';

/** Any free ones. */
const PORTS = { listen: { port: 0 }, operate: { port: 0 }, ledger: { port: 0 } };

interface Migrated {
  readonly organisations: readonly {
    readonly stores: readonly { name: string; rows: number; sha256: string; isCopied: boolean }[];
  }[];
}

const codeOf = (run: Run): string =>
  (JSON.parse(run.stdout) as { error: { code: string } }).error.code;

describe('medseal store migrate', { skip: WITHOUT_POSTGRES }, () => {
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => void ends.push(end) };
  let data: string;
  let server: TestPostgres;
  before(async () => {
    server = await startPostgres();
    data = join(await temporaryFolder(t), 'node');
    const founding = ['--organisations', 'clinic', '--plain-keys', '--yes'];
    const made = await runMedseal('init', '--data', data, ...founding);
    assert.equal(made.code, 0, made.stderr);
    await configure({});
    await started();
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
    await server.stop();
  });

  const configure = async (settings: object): Promise<void> => {
    await writeFile(join(data, 'medseal.json'), JSON.stringify({ ...PORTS, ...settings }));
  };
  const inPostgres = (): object => ({ database: { url: server.url, password: server.password } });
  const started = async (): Promise<void> => {
    const up = ['up', '--data', data, '--json'];
    const node = await startUntilReady<{ ready: boolean }>(t, up);
    assert.equal(node.ready.ready, true);
    await node.stop();
  };
  const migrate = async (to: string): Promise<Run> => {
    const password = ['--password', server.password];
    return await runMedseal('store', 'migrate', '--data', data, '--to', to, ...password, '--json');
  };
  const migrated = async (to: string): Promise<Migrated['organisations'][number]['stores']> => {
    const run = await migrate(to);
    assert.equal(run.code, 0, run.stderr + run.stdout);
    return (JSON.parse(run.stdout) as Migrated).organisations[0]?.stores ?? [];
  };
  const secrets = async (): Promise<string[]> => {
    const log = join(data, 'node/clinic/secrets/logs/clinic');
    return await readdir(log).catch(() => []);
  };

  it('refuses an unknown place, one with a password, and the present one', async () => {
    for (const wrong of ['elsewhere', 'postgres://m:secret@localhost/m', 'folder']) {
      const run = await migrate(wrong);
      assert.equal(codeOf(run), 'ARGUMENT_INVALID', wrong);
      assert.ok(!run.stdout.includes('secret'));
    }
  });

  it('moves all stores, which the node then uses alone, and commands that read stores here refuse', async () => {
    const stores = await migrated(server.url);
    const names = ['contributor', 'coordinator', 'kept', 'letters', 'logs/clinic', 'vault-index'];
    assert.deepEqual(
      stores.map(({ name }) => name),
      names,
    );
    assert.ok(stores.some(({ name, rows }) => name === 'logs/clinic' && rows > 0));
    const up = await runMedseal('up', '--data', data, '--json');
    assert.match(up.stdout + up.stderr, /STORES_ELSEWHERE/);
    const backup = await runMedseal('backup', '--to', `${data}-backup`, '--data', data, '--json');
    assert.equal(codeOf(backup), 'STORES_ELSEWHERE');
    await configure(inPostgres());
    await started();
    await started();
    const examined = await runMedseal('fsck', '--data', data, '--json');
    assert.equal(examined.code, 0, examined.stdout);
    const configured = await readFile(join(data, 'medseal.json'), 'utf8');
    assert.ok(!configured.includes('a password of a test'));
  });

  it('moves them back, though the old ones are gone, and keeps no secrets apart then', async () => {
    // As the command told its operator.
    for (const name of ['logs', 'coordinator']) {
      await rm(join(data, 'node/clinic', name), { recursive: true });
    }
    const stores = await migrated('folder');
    const copied = stores.flatMap(({ name, isCopied }) => (isCopied ? [name] : []));
    assert.ok(copied.includes('logs/clinic'));
    assert.deepEqual(await secrets(), []);
    await configure({});
    await started();
    const run = await runMedseal('fsck', '--data', data, '--json');
    assert.equal(run.code, 0, run.stdout);
  });

  it('goes on after it was killed (kill -9) between two stores; until then the node uses the old place', async () => {
    const schema = server
      .sql(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'medseal\\_%'`)
      .trim();
    const release = await server.block(`${schema}."letters"`);
    const password = ['--password', server.password];
    const to = ['--to', server.url];
    const child = startMedseal(['store', 'migrate', '--data', data, ...to, ...password]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'medseal' AND wait_event_type = 'Lock'`;
    while (server.sql(waiting).trim() === '0') await soon();
    child.kill('SIGKILL');
    await ended;
    await release();
    await started();
    assert.deepEqual(await secrets(), []);
    const stores = await migrated(server.url);
    assert.equal(stores.length, 6);
    await configure(inPostgres());
    await started();
  });
});
