import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { requireOwnFolder } from './requireOwnFolder.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-'));
});
after(async () => await rm(folder, { recursive: true }));

describe('a folder of a person', () => {
  // @class whatever opens a folder of a device | takes one that others can write to
  it('is refused if its group or everybody can write to it, and taken if they can only read', async () => {
    const path = join(folder, 'own');
    await mkdir(path);
    for (const mode of [0o777, 0o775, 0o770, 0o720, 0o702, 0o1777]) {
      await chmod(path, mode);
      assert.throws(() => requireOwnFolder(path), failsWith('FOLDER_EXPOSED', { path }));
      assert.throws(() => requireOwnFolder(folder, path), failsWith('FOLDER_EXPOSED'));
    }
    for (const mode of [0o700, 0o755, 0o750]) {
      await chmod(path, mode);
      requireOwnFolder(path);
    }
    requireOwnFolder(join(path, 'not there yet'));
  });
});
