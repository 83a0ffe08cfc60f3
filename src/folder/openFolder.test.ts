import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Files } from './Files.ts';
import { openFolder } from './openFolder.ts';
import { filesCases, operationsOn } from './files.cases.ts';
import { failsWith, gather, inParts, sampleBytes } from '../vault/vault.cases.ts';

const made: string[] = [];

filesCases('of the file system', async () => {
  const path = await mkdtemp(join(tmpdir(), 'medseal-files-'));
  made.push(path);
  return await openFolder(path);
});

after(async () => {
  for (const path of made) await rm(path, { recursive: true });
});

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

  it('refuses every path through a symbolic link to a folder', async () => {
    for (const operation of operationsOn(files, 'way-out/secret')) {
      await assert.rejects(operation, failsWith('FOLDER_OUTSIDE'));
    }
    await assert.rejects(files.list('way-out'), failsWith('FOLDER_OUTSIDE'));
    await assert.rejects(files.makeFolder('way-out'), failsWith('FOLDER_OUTSIDE'));
    await assert.rejects(files.makeFolder('way-out/deep/er'), failsWith('FOLDER_OUTSIDE'));
    assert.equal(await readFile(join(base, 'other', 'secret'), 'utf8'), 'secret');
  });

  it('reads no pipe, and does not wait for whoever writes into it', async () => {
    execFileSync('mkfifo', [join(files.path, 'pipe')]);
    await assert.rejects(gather(files.read('pipe')), /not a regular file/);
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

  it('is readable by its owner alone', async () => {
    await files.makeFolder('private');
    await files.write('private/x', inParts(sampleBytes(3)));
    assert.equal((await stat(join(base, 'mine', 'private/x'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(base, 'mine', 'private'))).mode & 0o777, 0o700);
    assert.equal((await stat(join(base, 'mine'))).mode & 0o777, 0o700);
  });

  it('names nothing in what is not a folder', async () => {
    await files.write('file', inParts(sampleBytes(3)));
    assert.deepEqual([await files.list('file'), await files.list('none')], [[], []]);
  });

  it('says which folder cannot be written', async () => {
    await writeFile(join(base, 'a-file'), '');
    await assert.rejects(openFolder(join(base, 'a-file', 'x')), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(files.write('none/x', inParts(sampleBytes(3))), (error: Error) =>
      error.message.includes(join(base, 'mine')),
    );
  });
});
