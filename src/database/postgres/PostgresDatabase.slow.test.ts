import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { databaseCases } from '../database.cases.ts';
import { LevelDatabase } from '../LevelDatabase.ts';
import type { ServiceDatabase } from '../synced.ts';
import { startPostgres, WITHOUT_POSTGRES, type TestPostgres } from '../test/startPostgres.ts';
import { ErasableHeads } from './ErasableHeads.ts';
import { parsePostgresAddress } from './PostgresAddress.ts';
import { PostgresDatabase } from './PostgresDatabase.ts';
import { PostgresSession } from './PostgresSession.ts';

const here = mkdtempSync(join(tmpdir(), 'medseal-heads-'));
let server: TestPostgres | undefined;
let close: (() => Promise<void>) | undefined;

/** Opens the store with a session and heads of its own, which end before it is opened again. */
async function open(): Promise<ServiceDatabase> {
  server ??= await startPostgres();
  await close?.();
  const heads = new LevelDatabase(here);
  await heads.open();
  const address = parsePostgresAddress(server.url);
  const options = { address, schema: 'medseal_cases', passwordFile: server.password };
  const session = await PostgresSession.open(options);
  const erasable = new ErasableHeads(heads, (key) => key.length === 9 && key[0] === 2);
  const database: ServiceDatabase = new PostgresDatabase(session, 'logs/hospital', {
    heads: erasable,
  });
  await database.open();
  close = async () => {
    await session.close();
    await heads.close();
  };
  return database;
}

describe('PostgreSQL', { skip: WITHOUT_POSTGRES }, () => {
  databaseCases({
    name: 'PostgreSQL, with the heads of erasable rows on this machine',
    open,
    folders: () => [here, server?.data ?? here],
    async end() {
      await close?.();
      await server?.stop();
      await rm(here, { recursive: true });
    },
  });
});
