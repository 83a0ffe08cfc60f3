import { createInterface } from 'node:readline';
import { toMedsealError } from '../../../errors/toMedsealError.ts';
import { parsePostgresAddress } from '../PostgresAddress.ts';
import { PostgresDatabase } from '../PostgresDatabase.ts';
import { PostgresSession } from '../PostgresSession.ts';

/** Puts a row for each line that it reads, under that key, and says how it went. */
const [url = '', passwordFile = '', schema = ''] = process.argv.slice(2);
const address = parsePostgresAddress(url);
const session = await PostgresSession.open({ address, schema, passwordFile });
const database = new PostgresDatabase(session, 'rows');
await database.open();
console.log('open');
for await (const key of createInterface(process.stdin)) {
  const outcome = await database.put(key, '1').then(
    () => 'written',
    (error: unknown) => toMedsealError(error).code,
  );
  console.log(outcome);
}
