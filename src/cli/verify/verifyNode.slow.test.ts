import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { runMedseal } from '../test/runMedseal.ts';

/** Asks a caller of PostgreSQL for its password in plain text. */
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
const SECRET = 'a private key of the auditor';

/** Writes settings that name the server, and returns their file. */
async function configure(place: string, settings: object): Promise<string> {
  const file = join(place, 'medseal.json');
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  return file;
}

describe('medseal verify node of a folder that somebody else prepared', () => {
  let root: string;
  let data: string;
  let secret: string;
  let server: Server;
  let heard = '';
  before(async () => {
    root = await scratchFolder();
    data = join(root, 'network');
    secret = join(root, 'secret');
    await mkdir(join(data, 'node/hospital'), { recursive: true, mode: 0o700 });
    await writeFile(join(data, 'network.json'), JSON.stringify(network));
    const mark = { format: 'medseal-stores/1', id: 'ab'.repeat(16), at: 'postgres' };
    await writeFile(join(data, 'node/hospital/stores.json'), JSON.stringify(mark));
    await writeFile(secret, SECRET, { mode: 0o600 });
    server = createServer((socket) => {
      heard += 'called ';
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(ASK_PASSWORD);
        socket.once('data', (told) => {
          heard += told.toString('latin1');
          socket.destroy();
        });
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    heard = '';
  });
  after(async () => {
    server.close();
    await rm(root, { recursive: true });
  });

  const port = (): number => (server.address() as AddressInfo).port;
  const inPostgres = (): object => ({
    database: { url: `postgres://medseal@127.0.0.1:${port()}/medseal`, password: secret },
  });

  // @attack an auditor verifies a folder whose settings name a server and a file of the auditor's as its password or credentials | nobody is called by settings that the folder brings
  it('calls no server that the folder itself names, and says what to do', async () => {
    const store = `s3:http://127.0.0.1:${port()}/bucket`;
    for (const settings of [inPostgres(), { vault: { store, credentials: secret } }]) {
      await configure(data, settings);
      const { code, stdout } = await runMedseal('verify', 'node', '--data', data, '--json');
      assert.deepEqual([code, heard], [2, '']);
      assert.match(stdout, /ARGUMENT_INVALID/);
      assert.match(stdout, /--config/);
    }
    await rm(join(data, 'medseal.json'));
    const { stdout } = await runMedseal('verify', 'node', '--data', data, '--json');
    assert.match(stdout, /STORES_ELSEWHERE/);
    assert.equal(heard, '');
  });

  it('calls one that a configuration names which is given with --config', async () => {
    const file = await configure(root, inPostgres());
    await runMedseal('verify', 'node', '--data', data, '--config', file, '--json');
    assert.match(heard, /^called /);
    assert.ok(heard.includes(SECRET));
  });
});
