import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FOLDER_FORMAT, STATED_FROM } from '../../folder/FolderFile.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { writeStated } from '../../folder/test/writeStated.ts';
import { migrations } from '../../node/migrations.ts';
import type { FolderFault } from '../../services/examination/FolderFault.ts';
import { runMedseal, startDev, temporaryFolder, type Run } from '../test/runMedseal.ts';

interface Printed {
  readonly migrations: readonly string[];
  readonly ok: boolean;
  readonly parts: readonly { readonly name: string; readonly holds: string }[];
  readonly repaired?: number;
  readonly size: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly FolderFault[];
}

function read({ stdout }: Run): Printed {
  return JSON.parse(stdout) as Printed;
}

describe('medseal fsck', () => {
  it('says of a node that was made and did not run that nothing else is there', async (t) => {
    const data = join(await temporaryFolder(t), 'node');
    const made = ['init', '--data', data, '--organisations', 'a,b', '--plain-keys', '--yes'];
    assert.equal((await runMedseal(...made)).code, 0);
    const found = await runMedseal('fsck', '--data', data);
    assert.equal(found.code, 1);
    assert.match(found.stdout, /^ledger +\d+ blocks\n/);
    for (const name of ['a', 'b']) {
      const what = `${name}: only its keys are here: it has not run yet, or everything else is lost`;
      assert.ok(found.stdout.includes(what), found.stdout);
    }
  });

  it('names, as up --check does, the version whose folder it is, before it calls anything a fault', async (t) => {
    const data = join(await temporaryFolder(t), 'node');
    const made = ['init', '--data', data, '--organisations', 'a,b', '--plain-keys', '--unguarded'];
    assert.equal((await runMedseal(...made, '--yes')).code, 0);
    const path = join(data, 'folder.json');
    const folder = JSON.parse(await readFile(path, 'utf8')) as { demo: boolean; hosts: string[] };
    const { demo, hosts } = folder;
    const both = async (format: number): Promise<readonly Run[]> => {
      const present = format === FOLDER_FORMAT ? folder : { format, demo, hosts };
      await writeFile(path, `${JSON.stringify(present, null, 2)}\n`);
      if (format >= STATED_FROM && format < FOLDER_FORMAT) {
        await writeFile(path, JSON.stringify(folder));
        await writeStated(await openFolder(data), '0.1.9', { index: 2 }, format);
      }
      const commands = [['fsck'], ['up', '--check']];
      return await Promise.all(
        commands.map(async (words) => await runMedseal(...words, '--data', data, '--json')),
      );
    };
    for (const present of await both(FOLDER_FORMAT)) {
      assert.deepEqual((JSON.parse(present.stdout) as Printed).migrations, []);
    }
    const network = join(data, 'network.json');
    const founded = await readFile(network, 'utf8');
    // The contract of claims of these versions paid at once.
    for (const older of await both(6)) {
      assert.match(older.stderr + older.stdout, /FOLDER_OLDER/);
    }
    const { contracts, ...file } = JSON.parse(founded) as { contracts: { claims?: string } };
    delete contracts.claims;
    await writeFile(network, JSON.stringify({ ...file, contracts }));
    for (let format = 3; format < FOLDER_FORMAT; format++) {
      const expected = migrations.filter(({ from }) => from >= format).map(({ about }) => about);
      for (const older of await both(format)) {
        assert.deepEqual((JSON.parse(older.stdout) as Printed).migrations, expected);
      }
    }
    const shown = await runMedseal('fsck', '--data', data);
    assert.match(
      shown.stdout,
      /An earlier version wrote this folder\. The next run will:\n {2}expect a checksum in every row of its stores/,
    );
    for (const newer of await both(FOLDER_FORMAT + 1)) {
      assert.match(newer.stderr + newer.stdout, /FOLDER_NEWER/);
    }
    await mkdir(join(data, 'validator'));
    await writeFile(join(data, 'validator/validator-key.json'), '{}');
    for (const foreign of await both(4)) {
      assert.match(foreign.stderr + foreign.stdout, /FOLDER_OLDER/);
    }
  });

  it('leaves a running node alone; says of a stopped one what it holds, and what is damaged', async (t) => {
    const data = join(await temporaryFolder(t), 'network');
    const dev = await startDev(t, '--data', data);
    const running = await runMedseal('fsck', '--data', data);
    assert.deepEqual([running.code, /FOLDER_LOCKED/.test(running.stderr)], [1, true]);
    await dev.stop('SIGKILL');

    const killed = await runMedseal('fsck', '--data', data);
    assert.equal(killed.code, 0, killed.stdout);
    assert.match(killed.stdout, /^ledger +\d+ blocks\n/m);
    assert.match(killed.stdout, /^hospital: log care\/insurer +0 entries, 0 checkpoints\n/m);
    assert.match(killed.stdout, /\nNo faults found\.\n$/);

    const chain = join(data, 'node/ledger/chain');
    const [name] = (await readdir(chain)).filter((each) => each.endsWith('.log'));
    const path = join(chain, name ?? assert.fail());
    const bytes = await readFile(path);
    await writeFile(path, bytes.with(9000, (bytes[9000] ?? 0) ^ 1));
    const damaged = await runMedseal('fsck', '--data', data, '--json');
    const { ok, faults, counts, size } = read(damaged);
    assert.deepEqual([damaged.code, ok], [1, false]);
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count),
      size,
    );
    const files = faults.filter(({ kind }) => kind === 'database-file').map((fault) => fault.path);
    assert.deepEqual([...new Set(files)], [`node/ledger/chain/${name}`]);
    await writeFile(path, bytes);

    const stray = join(data, 'node/hospital/vault/sealed/ab');
    await mkdir(stray, { recursive: true });
    await writeFile(join(stray, `ab${'0'.repeat(62)}`), 'of nobody');
    const found = await runMedseal('fsck', '--data', data, '--organisation', 'hospital');
    assert.equal(found.code, 1);
    assert.match(
      found.stdout,
      /Can be rebuilt from intact data with --repair:\n {2}vault-index {10}hospital: vault: sealed\/ab/,
    );
    const repaired = await runMedseal('fsck', '--data', data, '--repair', '--json');
    assert.deepEqual([repaired.code, read(repaired).ok, read(repaired).repaired], [0, true, 1]);
    assert.deepEqual(await readdir(stray), []);
  });

  it('refuses what is not a node’s folder, and an organisation that is not there', async (t) => {
    const folder = await temporaryFolder(t);
    const empty = await runMedseal('fsck', '--data', folder);
    assert.deepEqual([empty.code, empty.stdout], [1, '']);
    assert.match(empty.stderr, /NODE_ABSENT/);
    assert.deepEqual(await readdir(folder), []);
    assert.equal((await runMedseal('fsck', '--data', join(folder, 'absent'))).code, 1);
    assert.deepEqual(await readdir(folder), []);
    assert.equal((await runMedseal('fsck', '--what')).code, 2);
  });
});
