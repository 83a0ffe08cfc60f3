import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { startPostgres, WITHOUT_POSTGRES, type TestPostgres } from '../test/startPostgres.ts';
import { parsePostgresAddress } from './PostgresAddress.ts';
import { PostgresDatabase } from './PostgresDatabase.ts';
import { PostgresSession } from './PostgresSession.ts';
import { muteServer } from './test/muteServer.ts';

const WRITER = fileURLToPath(new URL('test/writeWhenTold.ts', import.meta.url));
const SCHEMA = 'moved';
/** Rounds of a primary that is killed, and of its standby that is promoted. */
const ROUNDS = process.env['EVERY'] === '1' ? 20 : 2;
/** Writes that were answered when it is killed, and those that wait then. */
const [KILLED_AFTER, AHEAD] = [100, 20];

/** Two servers, of which one follows the other: the one that takes writes is killed, and the other is promoted. */
describe('stores at two PostgreSQL servers', { skip: WITHOUT_POSTGRES }, () => {
  let primary: TestPostgres;
  let standby: TestPostgres;
  /** Servers whose time is over. */
  const former: TestPostgres[] = [];
  const children: ChildProcess[] = [];
  before(async () => {
    primary = await startPostgres();
    await follow();
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const server of [standby, primary, ...former]) await server.stop();
  });

  /** Starts a standby of the primary, which acknowledges nothing from then on that the standby lacks. */
  async function follow(): Promise<void> {
    standby = await startPostgres({ standbyOf: primary });
    await primary.requireStandby();
  }

  async function open(...servers: readonly TestPostgres[]): Promise<PostgresSession> {
    const address = parsePostgresAddress(addressOf(...servers));
    return await PostgresSession.open({ address, schema: SCHEMA, passwordFile: primary.password });
  }

  it('lose nothing that was acknowledged when one is killed in the midst of writes and the other is promoted', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // The one that takes writes comes last.
      const url = addressOf(standby, primary);
      const child = spawn(process.execPath, [WRITER, url, primary.password, SCHEMA], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(child);
      const ended = once(child, 'exit');
      const names = Array.from({ length: 400 }, (_, place) => `${round}/${place}`);
      let sent = 0;
      const ask = (count: number): void => {
        for (const name of names.slice(sent, sent + count)) child.stdin.write(`${name}\n`);
        sent += count;
      };
      const told: string[] = [];
      ask(AHEAD);
      for await (const line of createInterface(child.stdout)) {
        if (line !== 'open') told.push(line);
        if (told.length === KILLED_AFTER) {
          const killed = primary.kill();
          ask(names.length);
          child.stdin.end();
          await killed;
        } else if (told.length < KILLED_AFTER) {
          ask(1);
        }
      }
      await ended;
      acknowledged.push(...names.filter((_, place) => told[place] === 'written'));
      assert.ok(
        told.length === names.length && told.at(-1) !== 'written',
        'it was killed before the end',
      );
      standby.promote();
      const session = await open(primary, standby);
      const database = new PostgresDatabase(session, 'rows');
      await database.open();
      const rows = await database.getMany(acknowledged);
      assert.deepEqual(
        rows,
        acknowledged.map(() => '1'),
      );
      await session.close();
      former.push(primary);
      primary = standby;
      await follow();
    }
    assert.ok(acknowledged.length >= KILLED_AFTER * ROUNDS);
  });

  // @attack a server that was replaced comes back and takes writes too | the one that was promoted last is used, and the fence of the former is lower
  it('are those of the server that was promoted last, also if the one before comes back', async () => {
    const [before] = former.slice(-1);
    assert.ok(before);
    const own = await open(primary, standby);
    await own.close();
    await before.start();
    const present = await open(before, standby, primary);
    assert.ok(BigInt(present.fence) > BigInt(own.fence));
    await present.close();
    // With its standby gone it acknowledges nothing; without that setting it would, under a lower fence.
    before.sql(`ALTER SYSTEM SET synchronous_standby_names = ''`);
    before.sql('SELECT pg_reload_conf()');
    const stray = await open(before);
    assert.ok(BigInt(stray.fence) < BigInt(own.fence));
    await stray.close();
    await before.kill();
  });

  // @attack one of several servers answers nothing, or lets everybody in and answers no statement | the others are used all the same
  it('are used while another server is mute, also by a writer that may stand still for two seconds alone', async () => {
    for (const letsIn of [false, true]) {
      const folder = await scratchFolder();
      const end = await muteServer(folder, letsIn);
      const hosts = [folder, dirname(primary.data)].join(',');
      const address = parsePostgresAddress(`postgres://medseal@/postgres?host=${hosts}`);
      const at = { address, schema: 'mute', passwordFile: primary.password, lease: 2000 };
      try {
        await (await PostgresSession.open(at)).close();
      } finally {
        await end();
        await rm(folder, { recursive: true });
      }
    }
  });

  // @attack a node waits at a server for the writer there to end, and the standby is promoted meanwhile | it goes on at the promoted one
  it('are those of the promoted server for a node that waited at the one before', async () => {
    const first = await startPostgres();
    const holder = await open(first);
    const second = await startPostgres({ standbyOf: first });
    const waiting = Promise.withResolvers<void>();
    const address = parsePostgresAddress(addressOf(first, second));
    const { signal } = new AbortController();
    const opening = PostgresSession.open({
      address,
      schema: SCHEMA,
      passwordFile: first.password,
      wait: { signal, onWaiting: () => waiting.resolve() },
    });
    await waiting.promise;
    second.promote();
    await holder.close();
    const session = await opening;
    assert.ok(BigInt(session.fence) > BigInt(holder.fence) + 1n, 'it counts a promotion');
    await session.close();
    former.push(first, second);
  });

  it('are not used if two servers take writes and neither was promoted after the other', async () => {
    const first = await startPostgres();
    const others = [
      await startPostgres({ standbyOf: first }),
      await startPostgres({ standbyOf: first }),
    ];
    await first.kill();
    for (const each of others) each.promote();
    await assert.rejects(open(...others), failsWith('DATABASE_UNUSABLE'));
    former.push(first, ...others);
  });

  it('are not used while each server that answers is a standby', async () => {
    await primary.kill();
    await assert.rejects(open(standby, primary), failsWith('DATABASE_UNREACHABLE'));
    await assert.rejects(open(standby), failsWith('DATABASE_UNUSABLE'));
    await primary.start();
    const session = await open(standby, primary);
    await session.close();
  });
});

function addressOf(...servers: readonly TestPostgres[]): string {
  return `postgres://medseal@/postgres?host=${servers.map(({ data }) => dirname(data)).join(',')}`;
}
