import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { startPostgres, WITHOUT_POSTGRES, type TestPostgres } from '../test/startPostgres.ts';
import { parsePostgresAddress } from './PostgresAddress.ts';
import { PostgresSession } from './PostgresSession.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const skip = WITHOUT_POSTGRES || (!hasOpenssl && 'openssl is not installed');

describe('a PostgreSQL server over TLS', { skip }, () => {
  let folder: string;
  let server: TestPostgres;
  let port: number;

  /** Makes a certificate for a name that signs itself. */
  const certify = async (name: string): Promise<{ key: string; certificate: string }> => {
    const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const { status, stderr } = spawnSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ${key} -out ${certificate} -subj /CN=${name} -addext subjectAltName=DNS:${name}`.split(
        ' ',
      ),
    );
    assert.equal(status, 0, String(stderr));
    return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-tls-'));
    const own = await certify('localhost');
    await certify('other.example');
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    ({ port } = free.address() as AddressInfo);
    await new Promise((resolve) => free.close(resolve));
    server = await startPostgres({
      settings: [`port = ${port}`, `listen_addresses = 'localhost'`, 'ssl = on'],
      files: { 'server.key': own.key, 'server.crt': own.certificate },
    });
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const connect = async (host: string, ca: string): Promise<PostgresSession> => {
    const root = join(folder, `${ca}.pem`);
    const url = `postgres://medseal@${host}:${port}/postgres?sslmode=verify-full&sslrootcert=${root}`;
    const address = parsePostgresAddress(url);
    return await PostgresSession.open({ address, schema: 'tls', passwordFile: server.password });
  };

  it('is used if its certificate is signed as the address says, for its name', async () => {
    const session = await connect('localhost', 'localhost');
    await session.makeTable(session.table('rows'));
    const { rows } = await session.read({
      text: 'SELECT count(*)::int4 FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()',
      values: [],
      rowMode: 'array',
    });
    assert.deepEqual(rows, [[1]]);
    await session.close();
  });

  // @attack somebody between node and server shows a certificate of their own | no password is sent, and the node does not start
  it('is refused with a certificate of somebody else, and with one for another name', async () => {
    const foreign = connect('localhost', 'other.example');
    await assert.rejects(foreign, failsWith('DATABASE_UNREACHABLE'));
    const renamed = connect('127.0.0.1', 'localhost');
    await assert.rejects(renamed, failsWith('DATABASE_UNREACHABLE'));
    const absent = connect('localhost', 'absent');
    await assert.rejects(absent, failsWith('CONFIGURATION_INVALID'));
  });
});
