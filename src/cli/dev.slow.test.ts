import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { openDev } from './openDev.ts';
import { runMedseal, startDev, temporaryFolder } from './test/runMedseal.ts';

const FREE = ['--port', '0', '--rpc-port', '0'];

describe('medseal dev', () => {
  it('keeps across starts what was stored, names the parties of the demonstration, and ends cleanly on SIGTERM and Ctrl-C', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await startDev(t, '--data', folder);
    const { ready } = first;
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
        'pharmacist-2',
        'registrar',
        'insurer-2',
        'verifier-2',
      ],
    );
    for (const { name } of ready.parties) {
      const { mode } = await stat(`${folder}/parties/${name}/key.json`);
      assert.equal(mode & 0o777, 0o600, 'only their owner can read it');
    }
    const refused = await runMedseal('dev', '--demo', '--data', folder, ...FREE);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`process ${ready.pid}.*FOLDER_LOCKED`));

    await writeFile(`${folder}/note.txt`, 'a note');
    const patient = ['--home', folder, '--as', 'patient'];
    const note = ['record', 'add', `${folder}/note.txt`, '-c', 'plans', '--yes', ...patient];
    const added = await runMedseal(...note);
    assert.equal(added.code, 0, added.stderr);
    const ended = await first.stop();
    assert.deepEqual([ended.code, ended.stderr], [0, '']);

    const second = await startDev(t, '--data', folder);
    assert.deepEqual(second.ready.parties, ready.parties);
    const kept = await runMedseal('record', 'list', ...patient, '--json');
    const { records } = JSON.parse(kept.stdout) as { records: { category: string }[] };
    assert.ok(records.some(({ category }) => category === 'plans'));
    const again = await second.stop('SIGINT');
    assert.deepEqual([again.code, again.stderr], [0, '']);
  });

  it('warns of a network without a release key at each start, which keeps what it is, as one with a key does', async (t) => {
    const [folder, guarded] = [await temporaryFolder(t), await temporaryFolder(t)];
    const first = await startDev(t, '--data', folder, '--unguarded');
    const begun = await first.stop();
    const second = await startDev(t, '--data', folder);
    const patient = ['--home', folder, '--as', 'patient'];
    await writeFile(`${folder}/note.txt`, 'a note');
    const added = await runMedseal('record', 'add', `${folder}/note.txt`, '--yes', ...patient);
    assert.equal(added.code, 0, added.stderr);
    const again = await second.stop();
    assert.deepEqual(
      [first, second].map(({ ready }) => [ready.guarded, ready.waits]),
      [
        [false, false],
        [false, false],
      ],
    );
    const warning = /^This network is unguarded: .* reads it with no entry .*\n$/;
    for (const { code, stderr } of [begun, again]) {
      assert.equal(code, 0);
      assert.match(stderr, warning);
    }

    const third = await startDev(t, '--data', guarded);
    assert.deepEqual([third.ready.guarded, third.ready.waits], [true, true]);
    await third.stop();
    const refused = await runMedseal('dev', '--demo', '--data', guarded, ...FREE, '--unguarded');
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /has a release key: start it without --unguarded/);
  });

  it('refuses keys without --demo, and a ledger of another network', async (t) => {
    const [folder, other] = [await temporaryFolder(t), await temporaryFolder(t)];
    for (const data of [folder, other]) {
      await (await openDev({ data, demo: true, port: 0, rpcPort: 0 })).close();
    }
    const undemonstrated = await runMedseal('dev', '--data', folder, ...FREE);
    assert.equal(undemonstrated.code, 1);
    assert.match(undemonstrated.stderr, /KEYSTORE_DEMO/);
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
    const whole = await openDev({ data: folder, demo: true, port: 0, rpcPort: 0 });
    assert.equal(whole.ready.parties.length, 13);
    await whole.close();
  });

  it('opens a demonstration also if its charts cannot be filled, and says so', async (t) => {
    const folder = await temporaryFolder(t);
    const open = { data: folder, demo: true, port: 0, rpcPort: 0 };
    await (await openDev(open)).close();
    await writeFile(`${folder}/parties/patient/device/demo-steps.json`, '{"sum":"other"}');
    const told = t.mock.method(process.stderr, 'write', () => true);
    const whole = await openDev({ ...open, charts: true });
    await whole.close();
    const lines = told.mock.calls.map(({ arguments: [line] }) => String(line));
    told.mock.restore();
    assert.match(lines.join(''), /in the background: .*damaged.*\[FOLDER_FOREIGN\]/s);
    assert.deepEqual([whole.ready.parties.length, whole.ready.entries], [13, 0]);
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
