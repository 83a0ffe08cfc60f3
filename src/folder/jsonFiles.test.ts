import assert from 'node:assert/strict';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { openFolder } from './openFolder.ts';
import { memoryFiles, type MemoryFiles } from './test/memoryFiles.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { lockKeys, openKeyGuard } from './keyGuard.ts';
import { openOrganisationKeys } from './organisationKeys.ts';
import { systemRandom } from './systemRandom.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';

const primitives = await createNativePrimitives();

/** Fates of changes that were not synced, by their number: none survives, or all, or some. */
const CUTS: readonly ((number: number) => boolean)[] = [
  () => false,
  () => true,
  (number) => number % 2 === 0,
  (number) => number % 2 === 1,
  (number) => number % 3 !== 1,
];

/**
 * Does something in a folder whose disk fails at each step in turn, and then loses its power.
 *
 * @param begin - Makes the folder's first content.
 * @param work - The work.
 * @param check - Checks the folder afterwards, by whether the work was done.
 */
async function atEveryStep(
  begin: (files: MemoryFiles) => Promise<unknown>,
  work: (files: MemoryFiles) => Promise<unknown>,
  check: (files: MemoryFiles, done: boolean, where: string) => Promise<void>,
): Promise<void> {
  for (let at = 1; ; at++) {
    let more = false;
    for (const [which, survives] of CUTS.entries()) {
      const files = memoryFiles();
      await begin(files);
      let step = 0;
      let failed = '';
      files.onStep = (name) => {
        step += 1;
        if (step < at) return;
        failed ||= name;
        throw new Error('no space left on device');
      };
      const done = await work(files).then(
        () => true,
        () => false,
      );
      files.onStep = () => undefined;
      let number = 0;
      files.losePower(() => survives(number++));
      more ||= failed !== '';
      await check(files, done, `${failed}, cut ${which}`);
    }
    if (!more) return;
  }
}

describe('a JSON file that somebody else wrote', () => {
  it('is refused where it is larger than any, a folder, or no JSON, before it fills the memory', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    const files = await openFolder(path);
    await mkdir(join(path, 'folder.json'));
    await writeFile(join(path, 'half.json'), '{"a":');
    await writeFile(join(path, 'huge.json'), '');
    await truncate(join(path, 'huge.json'), 2 ** 40);
    for (const [name, what] of [
      ['folder.json', 'folder.json cannot be read'],
      ['half.json', 'half.json is not JSON'],
      ['huge.json', 'huge.json has more than 134217728 bytes'],
    ] as const) {
      await assert.rejects(readJsonFile(files, name), failsWith('FOLDER_FOREIGN', { path, what }));
    }
    assert.equal(await readJsonFile(files, 'none.json'), undefined);
  });
});

describe('a JSON file whose name is taken by a folder', () => {
  it('is not written, and leaves nothing', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    await mkdir(join(path, 'medseal.json'));
    const files = await openFolder(path);
    await assert.rejects(writeJsonFile(files, 'medseal.json', {}), failsWith('FOLDER_UNWRITABLE'));
    assert.deepEqual(await readdir(path), ['medseal.json']);
  });
});

describe('a JSON file whose writer was killed', () => {
  it('leaves nothing once it is written again, and nothing else is touched', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    const files = await openFolder(path);
    const { pid } = spawnSync(process.execPath, ['--version']);
    const half = (name: string, by = pid): string => `${name}.arriving-${by}-0123456789ab`;
    const others = [half('parties.json'), half('contacts.json', process.pid), 'contacts.json.old'];
    await mkdir(join(path, 'home'));
    for (const name of [half('contacts.json'), ...others]) {
      await writeFile(join(path, 'home', name), '{"a":');
      await writeFile(join(path, name), '{"a":');
    }
    await writeJsonFile(files, 'home/contacts.json', {});
    await writeJsonFile(files, 'contacts.json', {});
    const wanted = ['contacts.json', ...others].toSorted();
    assert.deepEqual((await readdir(join(path, 'home'))).toSorted(), wanted);
    assert.deepEqual((await readdir(path)).toSorted(), [...wanted, 'home'].toSorted());
  });
});

describe('a JSON file on a disk that fails at any step', () => {
  it('is the old one or the new one, and the new one where that was said', async () => {
    const seen = new Set<unknown>();
    await atEveryStep(
      async (files) => await writeJsonFile(files, 'parties/device.json', { value: 'old' }),
      async (files) => await writeJsonFile(files, 'parties/device.json', { value: 'new' }),
      async (files, done, where) => {
        const { value } = (await readJsonFile(files, 'parties/device.json')) as { value: string };
        seen.add(value);
        assert.ok(done ? value === 'new' : ['old', 'new'].includes(value), where);
      },
    );
    assert.deepEqual(seen, new Set(['old', 'new']));
  });

  it('holds the keys of a node whole, and those that were told are never made again', async () => {
    const ports = { primitives, random: systemRandom };
    let told = '';
    await atEveryStep(
      async () => await Promise.resolve(),
      async (files) => (told = (await openOrganisationKeys(files, ports)).coordinator.address),
      async (files, done, where) => {
        const { coordinator } = await openOrganisationKeys(files, ports);
        if (done) assert.equal(coordinator.address, told, where);
      },
    );
  });

  it('puts keys under a passphrase or does not, and then they open with it', async () => {
    const passphrase = 'five random words are good';
    await atEveryStep(
      async () => await Promise.resolve(),
      async (files) => await lockKeys(files, systemRandom, passphrase, { workFactor: 4 }),
      async (files, done) => {
        const guard = await openKeyGuard(files, async () => await Promise.resolve(passphrase));
        const wrapped = await guard.wrap({ secret: 1 });
        assert.deepEqual(await guard.unwrap(wrapped), { secret: 1 });
        if (done) assert.ok((await files.size('folder-key.json')) !== undefined);
      },
    );
  });
});
