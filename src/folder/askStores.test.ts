import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { streamBytes } from '../crypto/sealing/streamBytes.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { askStores, type AskedFolder } from './askStores.ts';
import { FOLDER_FILE, folderFileOf, FOLDER_FORMAT } from './FolderFile.ts';
import { writeJsonFile } from './jsonFiles.ts';
import { memoryFiles } from './test/memoryFiles.ts';
import { VERSION } from './version.ts';

const PRESENT = folderFileOf({ demo: false, hosts: ['hospital'] }) as {
  readonly stores: Record<string, number>;
};

/** Asks a folder of these files; that writes nothing. */
async function asked(contents: Record<string, unknown>): Promise<AskedFolder> {
  const files = memoryFiles();
  for (const [path, value] of Object.entries(contents)) await writeJsonFile(files, path, value);
  files.onStep = (step) => assert.fail(step);
  return await askStores(files);
}

function startsOf({ stores }: AskedFolder): Record<string, unknown> {
  return Object.fromEntries(stores.map(({ path, start }) => [path, start]));
}

describe('asking the stores of a folder', () => {
  it('asks files that say their format, and folder.json about the others that are there', async () => {
    const found = await asked({
      [FOLDER_FILE]: PRESENT,
      'network.json': { format: 'medseal-network/1' },
      'node/hospital/coordinator/CURRENT': {},
      'node/laboratory/stores.json': { format: 'medseal-stores/1' },
    });
    assert.equal(found.version, VERSION);
    assert.deepEqual(startsOf(found), {
      [FOLDER_FILE]: 'opens',
      'network.json': 'opens',
      'node/laboratory/stores.json': 'opens',
      'node/*/coordinator': 'opens',
    });
  });

  it('lets files be of another form that a start writes again, or does not read, but not cut off', async () => {
    const files = memoryFiles();
    const other = {
      'restored.json': { format: 'medseal-restored/1', at: 1 },
      'contracts.json': {},
      'signed-successor.json': { format: 'medseal-signed-successor/9' },
    };
    for (const [path, value] of Object.entries(other)) await writeJsonFile(files, path, value);
    assert.deepEqual(startsOf(await askStores(files)), {
      'restored.json': 'rebuilds',
      'contracts.json': 'rebuilds',
      'signed-successor.json': 'opens',
    });
    await files.remove('restored.json');
    await files.write('restored.json', streamBytes(utf8ToBytes('{')));
    assert.equal(startsOf(await askStores(files))['restored.json'], 'refuses');
  });

  it('refuses a later format, an earlier one without a way forward, a store that it does not know, and a file that says none', async () => {
    const found = await asked({
      [FOLDER_FILE]: { ...PRESENT, stores: { ...PRESENT.stores, log: 5, letters: 2, dreams: 1 } },
      'successors.json': { format: 'medseal-successors/2' },
      'nodes.json': { format: 'nodes' },
      'node/hospital/logs/laboratory/CURRENT': {},
      'node/hospital/letters/CURRENT': {},
    });
    assert.deepEqual(startsOf(found), {
      [FOLDER_FILE]: 'opens',
      'successors.json': 'refuses',
      'nodes.json': 'refuses',
      'node/*/logs/*': 'refuses',
      'node/*/letters': 'refuses',
      '': 'refuses',
    });
    const unknown = found.stores.find(({ store }) => store === 'dreams');
    assert.deepEqual(unknown, {
      store: 'dreams',
      path: '',
      present: 0,
      format: 1,
      start: 'refuses',
    });
  });

  it('says which are brought forward: a layout of before, and an index that is read again', async () => {
    const earlier = await asked({
      [FOLDER_FILE]: { ...PRESENT, stores: { ...PRESENT.stores, index: 1 } },
      'node/ledger/index/CURRENT': {},
    });
    assert.equal(startsOf(earlier)['node/ledger/index'], 'rebuilds');
    const before = await asked({
      [FOLDER_FILE]: { format: FOLDER_FORMAT - 1, demo: false, hosts: ['hospital'] },
      'node/ledger/index/CURRENT': {},
    });
    assert.equal(before.version, undefined);
    assert.deepEqual(startsOf(before), {
      [FOLDER_FILE]: 'migrates',
      'node/ledger/index': undefined,
    });
  });

  it('says of an empty folder nothing, and refuses one whose folder.json is cut off', async () => {
    assert.deepEqual(await asked({}), { stores: [] });
    const files = memoryFiles();
    await writeJsonFile(files, FOLDER_FILE, PRESENT);
    files.tamper(FOLDER_FILE, (bytes) => bytes.subarray(0, 40));
    await assert.rejects(askStores(files), failsWith('FOLDER_FOREIGN'));
  });
});
