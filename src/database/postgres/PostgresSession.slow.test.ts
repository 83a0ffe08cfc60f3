import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ServiceDatabase } from '../synced.ts';
import { startPostgres, WITHOUT_POSTGRES, type TestPostgres } from '../test/startPostgres.ts';
import { parsePostgresAddress } from './PostgresAddress.ts';
import { PostgresDatabase } from './PostgresDatabase.ts';
import { PostgresSession, type PostgresOptions } from './PostgresSession.ts';

const WRITER = fileURLToPath(new URL('test/writeWhenTold.ts', import.meta.url));

describe('a writer at PostgreSQL', { skip: WITHOUT_POSTGRES }, () => {
  let server: TestPostgres;
  const sessions: PostgresSession[] = [];
  before(async () => (server = await startPostgres()));
  after(async () => {
    for (const session of sessions) await session.close();
    await server.stop();
  });

  const optionsOf = (schema: string, more: Partial<PostgresOptions> = {}): PostgresOptions => {
    const address = parsePostgresAddress(server.url);
    return { address, schema, passwordFile: server.password, ...more };
  };
  const open = async (schema: string, more?: Partial<PostgresOptions>) => {
    const session = await PostgresSession.open(optionsOf(schema, more));
    sessions.push(session);
    const database: ServiceDatabase = new PostgresDatabase(session, 'rows');
    await database.open();
    return { session, database };
  };
  const rowsIn = (schema: string): string =>
    server.sql(`SELECT convert_from(key, 'UTF8') FROM ${schema}.rows ORDER BY key`).trim();
  const terminate = (schema: string): void => {
    server.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('medseal/${schema}', 0)`,
    );
  };

  it('is the only one of a schema, until its session ends', async () => {
    const { session, database } = await open('alone');
    await database.put('a', '1');
    const opening = PostgresSession.open(optionsOf('alone', { patience: 50 }));
    await assert.rejects(opening, failsWith('DATABASE_LOCKED'));
    const beside = await open('beside');
    await beside.database.put('b', '1');
    await session.close();
    const next = await open('alone');
    assert.equal(await next.database.get('a'), '1');
    assert.deepEqual(await next.session.tables(), ['rows']);
  });

  it('uses the stores of its folder alone, and none in the place of those that were lost', async () => {
    const [id, other] = ['a1', 'b2'];
    const first = await open('owned', { folder: { id, isNew: true } });
    await first.session.close();
    for (const [schema, folder] of [
      ['owned', { id: other, isNew: true }],
      ['owned', { id: other, isNew: false }],
      ['emptied', { id, isNew: false }],
    ] as const) {
      const opening = PostgresSession.open(optionsOf(schema, { folder }));
      await assert.rejects(opening, failsWith('DATABASE_UNUSABLE'));
    }
    await (await open('owned', { folder: { id, isNew: false } })).session.close();
  });

  it('waits for the lease if it is to, and gets it as soon as the other writer is gone', async () => {
    const first = await open('waited');
    await first.database.put('a', '1');
    const second = open('waited', { patience: 60_000 });
    terminate('waited');
    const { database } = await second;
    await database.put('b', '1');
    await assert.rejects(first.database.put('c', '1'), failsWith('STORAGE_FAILED'));
    assert.equal(rowsIn('waited'), 'a\nb');
  });

  it('writes nothing once another counted the fence up, and never again', async () => {
    const lost: unknown[] = [];
    const { database } = await open('fenced', { onLost: (cause) => lost.push(cause) });
    await database.put('a', '1');
    // As behind a pooler, which gives the session's lock to others.
    server.sql('UPDATE fenced.lease SET fence = fence + 1');
    await assert.rejects(database.put('b', '1'), failsWith('LEASE_LOST'));
    server.sql('UPDATE fenced.lease SET fence = fence - 1');
    await assert.rejects(database.put('c', '1'), failsWith('LEASE_LOST'));
    assert.equal(rowsIn('fenced'), 'a');
    assert.equal(lost.length, 1);
  });

  // @attack a writer stands still, another takes over, and the first one wakes with a batch at hand | it writes nothing
  it('that stood still while another took over writes nothing when it wakes', async () => {
    const { url, password } = server;
    const child = spawn(process.execPath, [WRITER, url, password, 'asleep'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const said = async (): Promise<unknown> => (await lines.next()).value;
    assert.equal(await said(), 'open');
    child.stdin.write('a\n');
    assert.equal(await said(), 'written');
    child.kill('SIGSTOP');
    child.stdin.write('b\n');
    terminate('asleep');
    const { database } = await open('asleep');
    await database.put('c', '1');
    child.kill('SIGCONT');
    assert.equal(await said(), 'STORAGE_FAILED');
    assert.equal(rowsIn('asleep'), 'a\nc');
    child.kill('SIGKILL');
    await ended;
  });

  it('knows when it wakes that another one may have the lease, before anybody tells it', async () => {
    const { session, database } = await open('wakes', { lease: 400 });
    await database.put('a', '1');
    assert.equal(session.isHeld, true);
    // Nothing is heard while the thread stands still, nor before the next line.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    assert.equal(session.isHeld, false);
    await assert.rejects(database.put('b', '1'), failsWith('LEASE_LOST'));
    assert.equal(session.isHeld, false);
    const next = await open('wakes');
    assert.equal(next.session.isHeld, true);
    await next.session.close();
    assert.equal(next.session.isHeld, false);
  });

  it('makes a batch wholly or not at all, and halts after a failed one', async () => {
    const { session, database } = await open('halts');
    const other: ServiceDatabase = new PostgresDatabase(session, 'other');
    await other.open();
    server.sql('ALTER TABLE halts.rows ADD CHECK (length(key) < 10)');
    const puts = ['a', 'b', 'much too long for it'].map((key) => ({
      type: 'put' as const,
      key,
      value: '1',
    }));
    await assert.rejects(database.batch(puts), failsWith('STORAGE_FAILED'));
    assert.equal(rowsIn('halts'), '');
    await assert.rejects(other.put('a', '1'), failsWith('STORAGE_FAILED'));
    assert.equal(await other.get('a'), undefined, 'it still reads');
  });

  it('takes a commit whose wait for a standby was cancelled for a failed write', async () => {
    const lost: unknown[] = [];
    const { database } = await open('standby', { onLost: (cause) => lost.push(cause) });
    await database.put('a', '1');
    server.sql(`ALTER SYSTEM SET synchronous_standby_names = 'absent'`);
    server.sql('SELECT pg_reload_conf()');
    try {
      const write = database.put('b', '1');
      const refused = assert.rejects(write, failsWith('STORAGE_FAILED'));
      const waiting = `SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
      while (server.sql(waiting).trim() === '0') await soon();
      await refused;
      assert.equal(lost.length, 1);
      await assert.rejects(database.put('c', '1'), failsWith('STORAGE_FAILED'));
    } finally {
      server.sql(`ALTER SYSTEM RESET synchronous_standby_names`);
      server.sql('SELECT pg_reload_conf()');
    }
  });

  it('is refused with a wrong password, which no error has, and with one that others can read', async () => {
    const secret = 'a secret that no text may have';
    const wrong = `${server.password}-wrong`;
    await writeFile(wrong, `${secret}\n`, { mode: 0o600 });
    const opening = PostgresSession.open(optionsOf('refused', { passwordFile: wrong }));
    await assert.rejects(opening, (error: Error) => {
      for (let each: unknown = error; each instanceof Error; each = each.cause) {
        const text = `${each.stack} ${JSON.stringify(each)} ${JSON.stringify(Object.entries(each))}`;
        assert.ok(!text.includes(secret));
      }
      return failsWith('DATABASE_UNREACHABLE')(error);
    });
    const open = `${server.password}-open`;
    await copyFile(server.password, open);
    await chmod(open, 0o644);
    const exposed = PostgresSession.open(optionsOf('refused', { passwordFile: open }));
    await assert.rejects(exposed, failsWith('CONFIGURATION_INVALID', { source: open }));
    const absent = PostgresSession.open(optionsOf('refused', { passwordFile: `${open}-absent` }));
    await assert.rejects(absent, failsWith('CONFIGURATION_INVALID'));
  });

  it('has after a crash of the server all that was acknowledged', async () => {
    const { session, database } = await open('crashed');
    const puts = Array.from({ length: 500 }, (_, n) => String(n).padStart(3, '0'));
    await database.batch(puts.map((key) => ({ type: 'put' as const, key, value: key })));
    await database.put('last', '1');
    await server.crash();
    await assert.rejects(database.put('later', '1'), failsWith('STORAGE_FAILED'));
    await session.close();
    const again = await open('crashed');
    assert.deepEqual(await again.database.keys().all(), [...puts, 'last']);
  });
});

describe('a server that promises less', { skip: WITHOUT_POSTGRES }, () => {
  it('gets no stores: without fsync, without whole pages', async () => {
    for (const setting of ['fsync = off', 'full_page_writes = off']) {
      const server = await startPostgres({ settings: [setting] });
      try {
        const address = parsePostgresAddress(server.url);
        const options = { address, schema: 'unsafe', passwordFile: server.password };
        await assert.rejects(PostgresSession.open(options), failsWith('DATABASE_UNUSABLE'));
      } finally {
        await server.stop();
      }
    }
  });
});
