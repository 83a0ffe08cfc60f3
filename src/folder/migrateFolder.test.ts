import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../errors/catalogue.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { memoryFiles, type MemoryFiles } from './test/memoryFiles.ts';
import { readFolderFile } from './FolderFile.ts';
import { FOLDER_FORMAT, parseFounding } from './Founding.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { migrateFolder, migrations, migrationsDue, type Migration } from './migrateFolder.ts';

/** Files at the root of a folder of layout 2. */
const FOUNDING_2 = {
  format: 2,
  networkId: `0x${'11'.repeat(32)}`,
  demo: true,
  chainId: 7,
  timestamp: 1_800_000_000,
  channel: 'care',
  threshold: 2,
  faulty: 0,
  thresholds: { writes: 2, views: 2 },
  organisations: ['hospital', 'laboratory'],
};

async function folderOf(founding: unknown): Promise<MemoryFiles> {
  const files = memoryFiles();
  await writeJsonFile(files, 'founding.json', founding);
  return files;
}

async function assertPresent(files: MemoryFiles): Promise<void> {
  assert.deepEqual(await readFolderFile(files), {
    format: FOLDER_FORMAT,
    demo: true,
    hosts: ['hospital', 'laboratory'],
  });
  const founding = parseFounding(await readJsonFile(files, 'founding.json'), 'memory');
  assert.deepEqual(founding, { ...FOUNDING_2, format: FOLDER_FORMAT });
}

describe('a folder of an older layout', () => {
  it('is brought to the present one, once', async () => {
    const files = await folderOf(FOUNDING_2);
    const due = await migrationsDue(files);
    assert.deepEqual(await migrateFolder(files), due);
    assert.equal(due.length, FOLDER_FORMAT - 2);
    await assertPresent(files);
    assert.deepEqual(await migrateFolder(files), []);
    await assertPresent(files);
  });

  it('is asked about without a change', async () => {
    const files = await folderOf(FOUNDING_2);
    files.onStep = (step) => assert.fail(step);
    assert.equal((await migrationsDue(files)).length, FOLDER_FORMAT - 2);
  });

  it('comes there too where the power goes at any step', async () => {
    let steps = 0;
    const whole = await folderOf(FOUNDING_2);
    whole.onStep = () => void (steps += 1);
    await migrateFolder(whole);
    assert.ok(steps > 6);
    for (let last = 0; last < steps; last++) {
      const files = await folderOf(FOUNDING_2);
      let left = last;
      files.onStep = () => {
        left -= 1;
        if (left < 0) throw new Error('no power');
      };
      await assert.rejects(migrateFolder(files), failsWith('FOLDER_UNWRITABLE'));
      files.losePower();
      files.onStep = () => undefined;
      await migrateFolder(files);
      await assertPresent(files);
    }
  });

  it('goes every step from its own layout on, in order', async () => {
    const files = memoryFiles();
    const went: number[] = [];
    const step = (from: number): Migration => ({
      from,
      about: `leave ${from}`,
      async migrate(folder) {
        went.push(from);
        await writeJsonFile(folder, 'folder.json', { format: from + 1 });
      },
    });
    await writeJsonFile(files, 'founding.json', { format: FOLDER_FORMAT - 2 });
    await migrateFolder(files, [step(FOLDER_FORMAT - 1), step(0), step(FOLDER_FORMAT - 2)]);
    assert.deepEqual(went, [FOLDER_FORMAT - 2, FOLDER_FORMAT - 1]);
  });

  it('that is new has nothing to go through', async () => {
    assert.deepEqual(await migrateFolder(memoryFiles()), []);
  });

  const refused: [string, string, unknown, ErrorCode][] = [
    ['a newer layout', 'folder.json', { format: FOLDER_FORMAT + 1 }, 'FOLDER_NEWER'],
    ['a newer founding', 'founding.json', { format: 99 }, 'FOLDER_NEWER'],
    ['a layout that is forgotten', 'founding.json', { format: 1 }, 'FOLDER_FOREIGN'],
    ['no layout', 'folder.json', {}, 'FOLDER_FOREIGN'],
    ['a layout that is not a number', 'folder.json', { format: '3' }, 'FOLDER_FOREIGN'],
    ['a broken number', 'founding.json', { format: 2.5 }, 'FOLDER_FOREIGN'],
    ['null', 'folder.json', null, 'FOLDER_FOREIGN'],
    ['a layout that had no such file', 'folder.json', { format: 2 }, 'FOLDER_FOREIGN'],
    ['no founding but its number', 'founding.json', { format: 2 }, 'FOLDER_FOREIGN'],
  ];
  for (const [name, file, value, code] of refused) {
    it(`is refused, and left as it is, with ${name}: ${code}`, async () => {
      const files = memoryFiles();
      await writeJsonFile(files, file, value);
      files.onStep = (step) => assert.fail(step);
      await assert.rejects(migrateFolder(files), failsWith(code));
    });
  }

  it('has a step for each layout from the oldest that is known', () => {
    const known = migrations.map(({ from }) => from);
    assert.deepEqual(
      known,
      Array.from({ length: FOLDER_FORMAT - 2 }, (_, place) => place + 2),
    );
  });
});
