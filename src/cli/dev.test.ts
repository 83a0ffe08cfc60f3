import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { runMedseal, startDev, temporaryFolder } from './test/runMedseal.ts';

const FREE = ['--port', '0', '--rpc-port', '0'];

describe('medseal dev', () => {
  it('keeps across starts what was stored, and ends cleanly on SIGTERM and Ctrl-C', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await startDev(t, '--data', folder);
    const played = await runMedseal('scenario', '--home', folder, '--json');
    assert.equal(played.code, 0, played.stderr);
    const ended = await first.stop();
    assert.deepEqual([ended.code, ended.stderr], [0, '']);

    const second = await startDev(t, '--data', folder);
    assert.ok(second.ready.entries > 20, 'the log of the first run is there');
    assert.deepEqual(second.ready.parties, first.ready.parties);
    const again = await second.stop('SIGINT');
    assert.deepEqual([again.code, again.stderr], [0, '']);
  });

  it('names the parties of the demonstration, whose keys only their owner can read; refuses a second process, keys without --demo, and a ledger of another network', async (t) => {
    const folder = await temporaryFolder(t);
    const running = await startDev(t, '--data', folder);
    const { ready } = running;
    assert.deepEqual(
      ready.parties.map(({ name }) => name),
      [
        'patient',
        'patient-2',
        'doctor',
        'doctor-2',
        'pharmacist',
        'lab',
        'insurer',
        'researcher',
        'verifier',
      ],
    );
    for (const { name } of ready.parties) {
      const { mode } = await stat(`${folder}/parties/${name}/key.json`);
      assert.equal(mode & 0o777, 0o600);
    }

    const second = await runMedseal('dev', '--demo', '--data', folder, ...FREE);
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(`process ${ready.pid}.*FOLDER_LOCKED`));

    await running.stop();
    const undemonstrated = await runMedseal('dev', '--data', folder, ...FREE);
    assert.equal(undemonstrated.code, 1);
    assert.match(undemonstrated.stderr, /KEYSTORE_DEMO/);

    const other = await temporaryFolder(t);
    await (await startDev(t, '--data', other)).stop();
    await writeFile(`${folder}/network.json`, await readFile(`${other}/network.json`));
    const run = await runMedseal('dev', '--demo', '--data', folder, ...FREE);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /\[(?:LEDGER_OTHER|NETWORK_FILE_OTHER|FOLDER_FOREIGN)\]/);
  });

  it('refuses a port that is in use, and leaves the folder whole', async (t) => {
    const folder = await temporaryFolder(t);
    const server = createServer().listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const run = await runMedseal('dev', '--demo', '--data', folder, '--port', String(port));
    assert.equal(run.code, 1);
    assert.match(run.stderr, new RegExp(`Port ${port} is in use.*PORT_IN_USE`));
    const { ready } = await startDev(t, '--data', folder);
    assert.equal(ready.parties.length, 9);
  });

  it('refuses a folder of something else, of a newer format, or that cannot be made', async (t) => {
    const foreign = await temporaryFolder(t);
    await writeFile(`${foreign}/letter.txt`, 'Dear');
    const newer = await temporaryFolder(t);
    await writeFile(`${newer}/founding.json`, JSON.stringify({ format: 99 }));
    for (const [folder, code] of [
      [foreign, 'FOLDER_FOREIGN'],
      [newer, 'FOLDER_NEWER'],
      [`${foreign}/letter.txt/below`, 'FOLDER_UNWRITABLE'],
      ['/proc/medseal', 'FOLDER_UNWRITABLE'],
    ] as const) {
      const run = await runMedseal('dev', '--demo', '--data', folder, ...FREE, '--json');
      assert.equal(run.code, 1);
      const { error } = JSON.parse(run.stdout) as { error: { code: string } };
      assert.equal(error.code, code);
    }
    assert.equal(await readFile(`${foreign}/letter.txt`, 'utf8'), 'Dear');
  });

  it('takes no wrong command line', async () => {
    for (const args of [
      ['dev', '--port', '65536'],
      ['dev', '--rpc-port', 'x'],
      ['dev', '--unknown'],
      ['unknown'],
      ['dev', 'extra'],
    ]) {
      const run = await runMedseal(...args);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.stderr, /--help/);
    }
  });
});
