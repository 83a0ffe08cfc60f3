import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { refused } from '../test/refused.ts';
import { runMedseal, startDev, temporaryFolder } from '../test/runMedseal.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

interface Made {
  readonly files: number;
  readonly bytes: number;
  readonly paused?: number;
  readonly network?: { readonly number: number; readonly fingerprint: string };
}

describe('medseal backup and restore', () => {
  it('say of a folder whose network is not founded yet that it is not signed', async (t) => {
    const root = await temporaryFolder(t);
    const [data, to, restored] = ['data', 'backup', 'restored'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const url = 'https://medseal.clinic.example';
    const init = ['--organisation', 'clinic', '--url', url, '--plain-keys'];
    for (const line of [
      ['init', '--data', data, ...init],
      ['backup', '--data', data, '--to', to],
    ]) {
      const { code, stderr } = await runMedseal(...line);
      assert.equal(code, 0, stderr);
    }
    const done = await runMedseal('restore', to, '--data', restored);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /it is not signed/);
  });

  it('back a running node up, and make another folder of it, though they are killed on the way', async (t) => {
    const root = await temporaryFolder(t);
    const [data, archive, restored] = ['data', 'backup.tar', 'restored'].map((name) =>
      join(root, name),
    ) as [string, string, string];
    const dev = await startDev(t, '--data', data);
    const made = await runMedseal('backup', '--data', data, '--to', archive, '--json');
    assert.equal(made.code, 0, made.stdout);
    const { files, bytes, paused } = JSON.parse(made.stdout) as Made;
    assert.ok(files > 60 && bytes > 100_000 && paused !== undefined, made.stdout);
    const { network } = JSON.parse(made.stdout) as Made;
    assert.equal(network?.number, 0);

    const again = await runMedseal('backup', '--data', data, '--to', archive);
    assert.deepEqual([again.code, /the file exists already/.test(again.stderr)], [2, true]);
    const inside = await runMedseal('backup', '--data', data, '--to', join(data, 'backup'));
    assert.deepEqual([inside.code, /outside the folder/.test(inside.stderr)], [2, true]);
    const over = await runMedseal('restore', archive, '--data', data);
    assert.deepEqual([over.code, /FOLDER_FOREIGN/.test(over.stderr)], [1, true]);
    const required = async (fingerprint: string): ReturnType<typeof runMedseal> =>
      await runMedseal(
        'restore',
        archive,
        '--data',
        restored,
        '--fingerprint',
        fingerprint,
        '--json',
      );
    refused(await runMedseal('restore', archive, '--fingerprint', '0x12'), 'ARGUMENT_INVALID', 2);
    const another = await required(`0x${'11'.repeat(32)}`);
    assert.deepEqual([another.code, /BACKUP_DAMAGED/.test(another.stdout)], [1, true]);
    assert.ok(!existsSync(restored));
    const known = await required(network?.fingerprint ?? '');
    assert.deepEqual((JSON.parse(known.stdout) as Made).network, network, known.stdout);
    await rm(restored, { recursive: true });

    // Killed at some moments: there is no folder yet, or all of it.
    for (const milliseconds of [300, 450, 600, 750, 900, 1100]) {
      const child = spawn(process.execPath, [MAIN, 'restore', archive, '--data', restored]);
      const killed = setTimeout(() => child.kill('SIGKILL'), milliseconds);
      await new Promise((resolve) => {
        child.once('close', resolve);
      });
      clearTimeout(killed);
      if (existsSync(restored)) break;
    }
    if (!existsSync(restored)) {
      const done = await runMedseal('restore', archive, '--data', restored);
      assert.equal(done.code, 0, done.stderr);
      assert.match(done.stdout, /serves nobody before/);
      assert.match(done.stdout, /Newest network file: number 0, fingerprint\s+0x[0-9a-f]{64}/);
      assert.match(done.stdout, /Compare that number and fingerprint with the others/);
    }
    assert.deepEqual((await readdir(root)).toSorted(), ['backup.tar', 'data', 'restored']);
    const examined = await runMedseal('fsck', '--data', restored, '--json');
    assert.equal(examined.code, 0, examined.stdout);

    await dev.stop('SIGKILL');
    const stopped = await runMedseal(
      'backup',
      '--data',
      data,
      '--to',
      join(root, 'stopped'),
      '--json',
    );
    assert.equal((JSON.parse(stopped.stdout) as Made).paused, undefined);
    assert.ok((await readdir(join(root, 'stopped'))).includes('manifest.jsonl'));
  });

  it('refuse what is not a node, and what is not a backup', async (t) => {
    const root = await temporaryFolder(t);
    const none = await runMedseal('backup', '--data', join(root, 'none'), '--to', join(root, 'to'));
    assert.deepEqual([none.code, /NODE_ABSENT/.test(none.stderr)], [1, true]);
    const absent = await runMedseal('restore', join(root, 'none'), '--data', join(root, 'to'));
    assert.deepEqual([absent.code, /BACKUP_DAMAGED/.test(absent.stderr)], [1, true]);
    assert.equal((await runMedseal('backup', '--data', root)).code, 2);
    assert.deepEqual(await readdir(root), []);
    const broken = join(root, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'folder.json'), '{"format":');
    const half = await runMedseal('backup', '--data', broken, '--to', join(root, 'to'));
    assert.deepEqual([half.code, /FOLDER_FOREIGN/.test(half.stderr)], [1, true]);
    assert.deepEqual(await readdir(root), ['broken']);
  });
});
