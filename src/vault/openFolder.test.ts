import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Files } from './Files.ts';
import { openFolder } from './openFolder.ts';
import { failsWith, gather, inParts, sampleBytes } from './vaultCases.ts';

describe('a folder of the file system', () => {
  let base: string;
  let files: Files;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'medseal-files-'));
    files = await openFolder(join(base, 'mine'));
    await mkdir(join(base, 'other'));
    await writeFile(join(base, 'other', 'secret'), 'secret');
    await symlink(join(base, 'other'), join(base, 'mine', 'way-out'));
    await symlink(join(base, 'other', 'secret'), join(base, 'mine', 'secret'));
    await symlink('/nowhere/at/all', join(base, 'mine', 'broken'));
  });

  after(async () => {
    await rm(base, { recursive: true });
  });

  /** Every operation on a path. */
  function operations(path: string): (() => Promise<unknown>)[] {
    return [
      async () => {
        await files.makeFolder(path);
      },
      async () => {
        await files.write(path, inParts(sampleBytes(3)));
      },
      async () => {
        await files.rename(path, 'name');
      },
      async () => {
        await files.rename('inside', path);
      },
      async () => await gather(files.read(path)),
      async () => await files.size(path),
      async () => {
        await files.remove(path);
      },
      async () => await files.list(path === '' ? '.' : path),
    ];
  }

  it('refuses every path whose text leads out of it', async () => {
    const paths = [
      '',
      '.',
      '..',
      '../other/secret',
      '/etc/passwd',
      'a/../../other',
      'a/./b',
      'a//b',
    ];
    for (const path of [...paths, 'a/', '..\\other', 'C:\\x', 'a\0b', 'a/..', '%2e%2e/x', 'a b']) {
      for (const operation of operations(path)) {
        await assert.rejects(operation, failsWith('FOLDER_OUTSIDE'), JSON.stringify(path));
      }
    }
    assert.deepEqual(await readdir(join(base, 'other')), ['secret']);
  });

  it('refuses every path through a symbolic link to a folder', async () => {
    for (const operation of operations('way-out/secret')) {
      await assert.rejects(operation, failsWith('FOLDER_OUTSIDE'));
    }
    await assert.rejects(files.list('way-out'), failsWith('FOLDER_OUTSIDE'));
    await assert.rejects(files.makeFolder('way-out'), failsWith('FOLDER_OUTSIDE'));
    await assert.rejects(files.makeFolder('way-out/deep/er'), failsWith('FOLDER_OUTSIDE'));
    assert.equal(await readFile(join(base, 'other', 'secret'), 'utf8'), 'secret');
  });

  it('follows no symbolic link to a file', async () => {
    for (const link of ['secret', 'broken']) {
      await assert.rejects(gather(files.read(link)), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(files.size(link), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(
        files.write(link, inParts(sampleBytes(3))),
        failsWith('FOLDER_UNWRITABLE'),
      );
    }
    assert.equal(await readFile(join(base, 'other', 'secret'), 'utf8'), 'secret');
  });

  it('writes, finds, renames, lists and removes', async () => {
    const bytes = sampleBytes(700_000);
    await files.makeFolder('one/two');
    await files.makeFolder('one/two');
    await files.write('one/two/a', inParts(bytes));
    await files.rename('one/two/a', 'one/b');
    await files.syncFolder('one');
    assert.equal(await files.size('one/b'), bytes.length);
    assert.equal(Buffer.compare(await gather(files.read('one/b')), bytes), 0);
    assert.deepEqual((await files.list('one')).toSorted(), ['b', 'two']);
    await files.remove('one/b');
    await files.remove('one/b');
    assert.equal(await files.size('one/b'), undefined);
    assert.equal(await files.size('one/two'), undefined, 'a folder is no file');
    assert.deepEqual(await files.list('none'), []);
    assert.ok((await files.list('')).includes('one'));
    await assert.rejects(gather(files.read('one/b')), failsWith('FILE_ABSENT'));
  });

  it('is readable by its owner alone', async () => {
    await files.makeFolder('private');
    await files.write('private/x', inParts(sampleBytes(3)));
    assert.equal((await stat(join(base, 'mine', 'private/x'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(base, 'mine', 'private'))).mode & 0o777, 0o700);
    assert.equal((await stat(join(base, 'mine'))).mode & 0o777, 0o700);
  });

  it('makes no file over another', async () => {
    await files.write('taken', inParts(sampleBytes(3)));
    await assert.rejects(
      files.write('taken', inParts(sampleBytes(4))),
      failsWith('FOLDER_UNWRITABLE'),
    );
    assert.equal(await files.size('taken'), 3);
  });

  it('says which folder can not be written', async () => {
    await writeFile(join(base, 'a-file'), '');
    await assert.rejects(openFolder(join(base, 'a-file', 'x')), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(files.write('none/x', inParts(sampleBytes(3))), (error: Error) =>
      error.message.includes(join(base, 'mine')),
    );
  });
});
