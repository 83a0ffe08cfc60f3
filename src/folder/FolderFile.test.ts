import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { STORE_FORMATS } from '../protocol/wire/storeFormats.ts';
import {
  FOLDER_FILE,
  FOLDER_FORMAT,
  readFolderFile,
  stateFolder,
  writeFolderFile,
} from './FolderFile.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { memoryFiles, type MemoryFiles } from './test/memoryFiles.ts';
import { writeStated } from './test/writeStated.ts';
import { VERSION } from './version.ts';

const OWNER = { demo: false, hosts: ['hospital'] } as const;

async function folder(): Promise<MemoryFiles> {
  const files = memoryFiles();
  await writeFolderFile(files, OWNER);
  return files;
}

/** A folder as another version leaves it. */
async function folderOf(version: string, others: Record<string, number>): Promise<MemoryFiles> {
  const files = await folder();
  await writeStated(files, version, others);
  return files;
}

describe('folder.json', () => {
  it('states this version and the format of each store that does not say it itself', async () => {
    const { stated } = (await readFolderFile(await folder())) ?? assert.fail();
    assert.equal(stated?.version, VERSION);
    const silent = Object.entries(STORE_FORMATS).filter(([, { saysItself }]) => !saysItself);
    const numbers = silent.map(([name, { number }]) => [name, number]);
    assert.deepEqual(stated.stores, Object.fromEntries(numbers));
  });

  it('is written again for another version, and left as it is for the same', async () => {
    const files = await folderOf('0.1.9', { index: 1 });
    await stateFolder(files, (await readFolderFile(files)) ?? assert.fail());
    assert.deepEqual(await readFolderFile(files), await readFolderFile(await folder()));
    files.onStep = (step) => assert.fail(step);
    await stateFolder(files, (await readFolderFile(files)) ?? assert.fail());
  });

  // @attack a folder that a later version used is opened by an earlier one, which writes rows that the later one misreads | a store is refused by its own number, whatever the layout's is
  it('of a later version is refused, with the store and the version', async () => {
    for (const [others, store, known] of [
      [{ coordinator: 2 }, 'coordinator', 1],
      [{ log: STORE_FORMATS.log.number + 1 }, 'log', STORE_FORMATS.log.number],
      [{ dreams: 1 }, 'dreams', 0],
      [{ constructor: 1 }, 'constructor', 0],
    ] as const) {
      const files = await folderOf('0.9.1-rc.1', others);
      await assert.rejects(readFolderFile(files), (error) => {
        assert.ok(error instanceof MedsealError && error.code === 'FOLDER_NEWER');
        assert.partialDeepStrictEqual(error.values, { store, known, by: '0.9.1-rc.1' });
        assert.match(error.message, new RegExp(`0\\.9\\.1-rc\\.1.*${store}`));
        return true;
      });
    }
  });

  it('of a later layout is refused with the version, and without one that is malformed', async () => {
    for (const [version, by] of [
      ['1.2.3', '1.2.3'],
      ['\u{1b}[2J', undefined],
      [7, undefined],
    ] as const) {
      const files = memoryFiles();
      await writeJsonFile(files, FOLDER_FILE, { format: FOLDER_FORMAT + 1, version, stores: {} });
      await assert.rejects(readFolderFile(files), (error) => {
        assert.ok(error instanceof MedsealError && error.code === 'FOLDER_NEWER');
        assert.equal((error.values as { by?: string }).by, by);
        return true;
      });
    }
  });

  it('is refused after any change of a bit, and if it is cut off', async () => {
    const text = JSON.stringify(await readJsonFile(await folder(), FOLDER_FILE), null, 2);
    for (let bit = 0; bit < 8 * text.length; bit++) {
      const at = bit >> 3;
      const files = await folder();
      files.tamper(FOLDER_FILE, (bytes) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit & 7))));
      await assert.rejects(readFolderFile(files), (error) => {
        assert.ok(error instanceof MedsealError, String(error));
        return ['FOLDER_FOREIGN', 'FOLDER_NEWER'].includes(error.code);
      });
    }
    for (const length of [0, 1, text.length - 1]) {
      const files = await folder();
      files.tamper(FOLDER_FILE, (bytes) => bytes.subarray(0, length));
      await assert.rejects(readFolderFile(files), failsWith('FOLDER_FOREIGN'));
    }
  });

  it('is refused without its statement, a part of it or its sum', async () => {
    const whole = (await readJsonFile(await folder(), FOLDER_FILE)) as Record<string, unknown>;
    for (const field of ['demo', 'hosts', 'version', 'stores', 'sum']) {
      const files = memoryFiles();
      await writeJsonFile(files, FOLDER_FILE, { ...whole, [field]: undefined });
      await assert.rejects(readFolderFile(files), failsWith('FOLDER_FOREIGN'), field);
    }
  });
});
