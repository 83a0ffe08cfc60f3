import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { makeWritableFolder } from './makeWritableFolder.ts';

it('a folder is made for its owner alone, with those above it, and may be there', async (t) => {
  const root = await temporaryFolder(t);
  const path = join(root, 'one/two');
  for (const _ of [1, 2]) await makeWritableFolder(path);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(path), []);
});

it('a folder that cannot be made or written is refused at once', async (t) => {
  const root = await temporaryFolder(t);
  const file = join(root, 'file');
  await writeFile(file, 'a file');
  const locked = join(root, 'locked');
  await mkdir(locked, { mode: 0o500 });
  const paths = [file, join(file, 'folder'), '/proc/medseal', '/proc/medseal/releases', '/proc'];
  // Root may write wherever it likes.
  if (process.getuid?.() !== 0) paths.push(locked, join(locked, 'folder'));
  for (const path of paths) {
    await assert.rejects(makeWritableFolder(path), failsWith('FOLDER_UNWRITABLE', { path }));
  }
  await chmod(locked, 0o700);
  assert.deepEqual((await readdir(root)).toSorted(), ['file', 'locked']);
});
