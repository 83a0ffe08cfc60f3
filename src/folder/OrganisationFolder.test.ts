import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { openOrganisationFolder, type OrganisationFolder } from './OrganisationFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';

let root: string;
let hospital: OrganisationFolder;

before(async () => {
  root = await scratchFolder();
  await mkdir(`${root}/node/laboratory/kept`, { recursive: true });
  await writeFile(`${root}/node/laboratory/keys.json`, '{"secret":true}');
  hospital = await openOrganisationFolder(`${root}/node/hospital`);
});
after(async () => await rm(root, { recursive: true }));

/** Names by which someone would try to reach the laboratory's folder. */
const WAYS_OUT = [
  '../laboratory',
  '..',
  '.',
  '',
  'a/../../laboratory',
  './../laboratory',
  'logs/..//../laboratory',
  '/etc',
  '//laboratory',
  '..\\laboratory',
  '%2e%2e/laboratory',
  'kept\u0000',
  '\u2024\u2024/laboratory',
];

async function assertClosed(name: string): Promise<void> {
  await assert.rejects(hospital.part(name), failsWith('FOLDER_OUTSIDE'));
  await assert.rejects(hospital.database(name), failsWith('FOLDER_OUTSIDE'));
}

describe('an organisation’s folder', () => {
  it('opens parts and databases inside, for the owner alone', async () => {
    const database = await hospital.database('logs/hospital');
    await database.put('key', 'value');
    await database.close();
    const part = await hospital.part('vault');
    await part.makeFolder('sealed');
    assert.deepEqual((await readdir(`${root}/node/hospital`)).toSorted(), ['logs', 'vault']);
    for (const name of ['', '/logs', '/logs/hospital', '/vault', '/vault/sealed']) {
      assert.equal((await stat(`${root}/node/hospital${name}`)).mode & 0o077, 0);
    }
  });

  for (const name of WAYS_OUT) {
    it(`has no part ${JSON.stringify(name)}`, async () => await assertClosed(name));
  }

  it('lets no file be read, written, renamed or listed by such names', async () => {
    const { files } = hospital;
    await files.makeFolder('own');
    for (const way of WAYS_OUT.filter((name) => name !== '')) {
      const keys = `${way}/keys.json`;
      await assert.rejects(async () => {
        for await (const _ of files.read(keys)) assert.fail('it was read');
      }, failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(files.write(keys, nothing()), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(files.rename('own', keys), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(files.list(way), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(files.remove(keys), failsWith('FOLDER_OUTSIDE'));
    }
    assert.deepEqual(await readdir(`${root}/node/laboratory`), ['kept', 'keys.json']);
  });

  it('is not left through symbolic links', async () => {
    const own = `${root}/node/hospital`;
    await symlink('../laboratory', `${own}/link`);
    await symlink(`${root}/node/laboratory/kept`, `${own}/absolute`);
    await symlink('../laboratory/keys.json', `${own}/keys`);
    await mkdir(`${own}/deep`);
    await symlink('../../laboratory', `${own}/deep/link`);
    for (const name of ['link', 'link/kept', 'absolute', 'deep/link', 'deep/link/kept']) {
      await assertClosed(name);
    }
    await assert.rejects(async () => {
      for await (const _ of hospital.files.read('keys')) assert.fail('it was read');
    }, failsWith('FOLDER_OUTSIDE'));
    assert.deepEqual(await readdir(`${root}/node/laboratory/kept`), []);
  });

  it('says that it cannot be written where something else is in the way', async () => {
    await writeFile(`${root}/node/hospital/taken`, '');
    await assert.rejects(hospital.part('taken'), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(hospital.database('taken'), failsWith('FOLDER_UNWRITABLE'));
    const under = openOrganisationFolder(`${root}/node/hospital/taken/below`);
    await assert.rejects(under, failsWith('FOLDER_UNWRITABLE'));
  });
});

describe('the services', () => {
  it('have no other way to the disk than the folder that they are given', () => {
    const source = new URL('../', import.meta.url);
    const reached = importedFrom(new URL('node/openOrganisation.ts', source));
    const reaching = [...reached].filter(([, text]) =>
      /^import (?!type )[^;]+ from '(?:node:(?:fs|child_process)|classic-level)/m.test(text),
    );
    assert.deepEqual(reaching.map(([file]) => file.slice(source.href.length)).toSorted(), [
      'database/LevelDatabase.ts',
      'database/files/examineDatabaseFiles.ts',
      'database/files/liveFiles.ts',
      'database/files/readLevelLog.ts',
      // These ask for owners and modes, and open nothing.
      'folder/isOwnFolder.ts',
      'folder/openFolder.ts',
      'folder/requireOwnFiles.ts',
      'folder/requireOwnFolder.ts',
    ]);
    const opening = [...reached].filter(([, text]) => /^(?! \*).*new LevelDatabase\(/m.test(text));
    assert.deepEqual(
      opening.map(([file]) => file.slice(source.href.length)),
      ['folder/OrganisationFolder.ts'],
    );
    const composing = readFileSync(new URL('node/openOrganisation.ts', source), 'utf8');
    assert.ok(!/openFolder\(|openOrganisationFolder\(|openNetwork/.test(composing));
  });
});

/** A module and all that it imports of this project, each with its text. */
function importedFrom(file: URL, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file.href)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file.href, text);
  for (const [, name] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
    importedFrom(new URL(name ?? '', file), found);
  }
  return found;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
  await Promise.resolve();
}
