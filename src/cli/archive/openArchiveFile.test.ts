import assert from 'node:assert/strict';
import { chmod, link, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openArchiveFile } from './openArchiveFile.ts';

let folder: string;
before(async () => {
  folder = await scratchFolder();
});
after(async () => await rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  const archive = await openArchiveFile(path, 'write');
  await archive.append(utf8ToBytes(text));
  await archive.close();
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('the file of an archive', () => {
  it('is made with its first byte, for its owner alone', async () => {
    const path = join(folder, 'new.tar');
    await (await openArchiveFile(path, 'write')).close();
    await assert.rejects(stat(path), { code: 'ENOENT' });
    await write(path, 'one');
    await write(path, 'two');
    assert.equal(await readFile(path, 'utf8'), 'onetwo');
    assert.equal(await modeOf(path), 0o600);
  });

  it('is its owner’s alone also if somebody else could read it before', async () => {
    const path = join(folder, 'open.tar');
    await writeFile(path, 'one');
    await chmod(path, 0o666);
    await write(path, 'two');
    assert.equal(await readFile(path, 'utf8'), 'onetwo');
    assert.equal(await modeOf(path), 0o600);
  });

  it('has one name: a file that is also elsewhere, a link and a folder are left alone', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, '');
    await link(elsewhere, join(folder, 'linked.tar'));
    await symlink(elsewhere, join(folder, 'link.tar'));
    for (const path of [join(folder, 'linked.tar'), join(folder, 'link.tar'), folder]) {
      await assert.rejects(openArchiveFile(path, 'write'), failsWith('ARGUMENT_INVALID'));
    }
    assert.equal(await readFile(elsewhere, 'utf8'), '');
  });

  it('is not somebody else’s', async (t) => {
    const path = join(folder, 'planted.tar');
    await writeFile(path, '');
    const { uid } = await stat(path);
    t.mock.property(process, 'getuid', () => uid + 1);
    await assert.rejects(openArchiveFile(path, 'write'), failsWith('ARGUMENT_INVALID'));
  });
});
