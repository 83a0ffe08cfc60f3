import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { BINARY } from '../synced.ts';
import { startPostgres, WITHOUT_POSTGRES, type TestPostgres } from '../test/startPostgres.ts';
import { parsePostgresAddress } from './PostgresAddress.ts';
import { PostgresDatabase } from './PostgresDatabase.ts';
import { PostgresSession } from './PostgresSession.ts';

describe('a table whose rows have checksums', { skip: WITHOUT_POSTGRES }, () => {
  let server: TestPostgres;
  let session: PostgresSession;
  before(async () => {
    server = await startPostgres();
    const address = parsePostgresAddress(server.url);
    const options = { address, schema: 'checked', passwordFile: server.password };
    session = await PostgresSession.open(options);
  });
  after(async () => {
    await session.close();
    await server.stop();
  });

  it('gives rows of before theirs once, a page at a time', async () => {
    const table = session.table('kept');
    await session.makeTable(table);
    server.sql(
      `INSERT INTO ${table} SELECT convert_to('row/' || n, 'UTF8'), convert_to('value ' || n, 'UTF8') FROM generate_series(10000, 12344) n`,
    );
    const seen: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const database = new PostgresDatabase(session, 'kept', { onForward: (n) => seen.push(n) });
      await database.open();
      const rows = await database.iterator().all();
      assert.equal(rows.length, 2345);
      assert.deepEqual(rows[7], ['row/10007', 'value 10007']);
      await database.close();
    }
    assert.deepEqual(seen, [1000, 2000, 2345]);
  });

  it('fails to read a row that somebody changed at the server', async () => {
    const database = new PostgresDatabase(session, 'letters');
    await database.open();
    for (const name of ['a', 'b', 'c']) await database.put(name, `value ${name}`);
    const table = session.table('letters');
    const value = (key: string): string => `(SELECT value FROM ${table} WHERE key = '${key}')`;
    for (const altered of [value('a'), `substr(value, 2)`, `set_byte(value, 0, 7)`, `''`]) {
      await database.put('b', 'value b');
      server.sql(`UPDATE ${table} SET value = ${altered} WHERE key = 'b'`);
      const damaged = failsWith('STORE_DAMAGED');
      await assert.rejects(database.get('b'), damaged);
      await assert.rejects(database.getMany(['a', 'b']), damaged);
      await assert.rejects(database.iterator(BINARY).all(), damaged);
      await assert.rejects(database.keys().all(), damaged);
      assert.deepEqual(await database.getMany(['a', 'c']), ['value a', 'value c']);
    }
    await database.close();
  });
});
