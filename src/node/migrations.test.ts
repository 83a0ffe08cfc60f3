import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../errors/catalogue.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { memoryFiles, type MemoryFiles } from '../folder/test/memoryFiles.ts';
import { writeStated } from '../folder/test/writeStated.ts';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import type { Files } from '../folder/Files.ts';
import {
  FOLDER_FORMAT,
  folderFileOf,
  readFolderFile,
  writeFolderFile,
  type FolderOwner,
} from '../folder/FolderFile.ts';
import { FOUNDING_FORMAT, parseFounding } from '../folder/Founding.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';
import { migrateFolder, migrationsDue, type Migration } from '../folder/migrateFolder.ts';
import { openFolder } from '../folder/openFolder.ts';
import { CHAIN_FORMAT } from '../ledger/chain/Chain.ts';
import { LOG_FORMAT } from '../log/claimDatabase.ts';
import { logRowKeys } from '../log/keys.ts';
import { STORE_FORMATS } from '../protocol/wire/storeFormats.ts';
import { migrations } from './migrations.ts';

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

/** Asserts that a folder is of the present layout, and states this version and its formats. */
async function assertNow(files: Files, { demo, hosts }: FolderOwner): Promise<void> {
  assert.deepEqual(await readJsonFile(files, 'folder.json'), folderFileOf({ demo, hosts }));
  assert.ok((await readFolderFile(files))?.stated !== undefined);
}

async function assertPresent(files: MemoryFiles): Promise<void> {
  await assertNow(files, { demo: true, hosts: ['hospital', 'laboratory'] });
  const founding = parseFounding(await readJsonFile(files, 'founding.json'), 'memory');
  assert.deepEqual(founding, { ...FOUNDING_2, format: FOUNDING_FORMAT });
}

describe('a folder of an older layout', () => {
  it('is brought to the present one, once', async () => {
    const files = await folderOf(FOUNDING_2);
    const due = await migrationsDue(files, migrations);
    assert.deepEqual(await migrateFolder(files, migrations), due);
    assert.equal(due.length, FOLDER_FORMAT - 2);
    await assertPresent(files);
    assert.deepEqual(await migrateFolder(files, migrations), []);
    await assertPresent(files);
  });

  it('is asked about without a change', async () => {
    const files = await folderOf(FOUNDING_2);
    files.onStep = (step) => assert.fail(step);
    assert.equal((await migrationsDue(files, migrations)).length, FOLDER_FORMAT - 2);
  });

  it('comes there too where the power goes at any step', async () => {
    let steps = 0;
    const whole = await folderOf(FOUNDING_2);
    whole.onStep = () => void (steps += 1);
    await migrateFolder(whole, migrations);
    assert.ok(steps > 6);
    for (let last = 0; last < steps; last++) {
      const files = await folderOf(FOUNDING_2);
      let left = last;
      files.onStep = () => {
        left -= 1;
        if (left < 0) throw new Error('no power');
      };
      await assert.rejects(migrateFolder(files, migrations), failsWith('FOLDER_UNWRITABLE'));
      files.losePower();
      files.onStep = () => undefined;
      await migrateFolder(files, migrations);
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
    const [oldest, next] = [FOLDER_FORMAT - 2, FOLDER_FORMAT - 1];
    await writeJsonFile(files, 'folder.json', { format: oldest });
    await migrateFolder(files, [step(next), step(0), step(oldest)]);
    assert.deepEqual(went, [oldest, next]);
  });

  it('that is new has nothing to go through', async () => {
    assert.deepEqual(await migrateFolder(memoryFiles(), migrations), []);
  });

  const refused: [string, string, unknown, ErrorCode][] = [
    ['a newer layout', 'folder.json', { format: FOLDER_FORMAT + 1 }, 'FOLDER_NEWER'],
    ['a newer founding', 'founding.json', { format: 99 }, 'FOLDER_NEWER'],
    ['a layout that is forgotten', 'founding.json', { format: 1 }, 'FOLDER_OLDER'],
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
      await assert.rejects(migrateFolder(files, migrations), failsWith(code));
    });
  }

  it('has a step for each layout from the oldest that is known', () => {
    const known = migrations.map(({ from }) => from);
    assert.deepEqual(
      known,
      Array.from({ length: FOLDER_FORMAT - 2 }, (_, place) => place + 2),
    );
  });

  // @actor an operator with an earlier folder | to be told that the node is ready, and refused at the start
  it('of layout 3 goes forward if its logs are of the present format, and is refused as it is if one is not', async () => {
    for (const [layout, format, code] of [
      [3, LOG_FORMAT, undefined],
      [3, LOG_FORMAT - 1, 'FOLDER_OLDER'],
      [3, 3, 'FOLDER_OLDER'],
      [5, LOG_FORMAT, undefined],
      [5, LOG_FORMAT - 1, 'FOLDER_OLDER'],
    ] as const) {
      const path = await mkdtemp(join(tmpdir(), 'medseal-layout-'));
      try {
        const files = await openFolder(path);
        await mkdir(join(path, 'node/hospital/logs'), { recursive: true });
        const log = new ClassicLevel<Uint8Array, Uint8Array>(
          join(path, 'node/hospital/logs/laboratory'),
          { keyEncoding: 'view', valueEncoding: 'view' },
        );
        await log.put(logRowKeys.identity, utf8ToBytes(JSON.stringify({ format })));
        await log.close();
        const before = { format: layout, demo: true, hosts: ['hospital'] };
        await writeJsonFile(files, 'folder.json', before);
        if (code === undefined) {
          await migrateFolder(files, migrations);
          await assertNow(files, before);
        } else {
          await assert.rejects(migrationsDue(files, migrations), failsWith(code));
          await assert.rejects(migrateFolder(files, migrations), failsWith(code));
          assert.deepEqual(await readJsonFile(files, 'folder.json'), before);
        }
        assert.deepEqual(await files.list('examination'), []);
      } finally {
        await rm(path, { recursive: true });
      }
    }
  });

  it('of layout 4 is refused as it is if its validator’s key lies in clear, and goes forward if not', async () => {
    const files = memoryFiles();
    const before = { format: 4, demo: false, hosts: ['hospital'] };
    await writeJsonFile(files, 'folder.json', before);
    await writeJsonFile(files, 'validator/validator-key.json', {});
    await assert.rejects(migrateFolder(files, migrations), failsWith('FOLDER_OLDER'));
    assert.deepEqual(await readJsonFile(files, 'folder.json'), before);
    await files.remove('validator/validator-key.json');
    await migrateFolder(files, migrations);
    await assertNow(files, before);
  });

  it('of layout 9 loses its index of the ledger, whose rows have other checksums, and no other file', async () => {
    const files = memoryFiles();
    const before = { demo: false, hosts: ['hospital'] };
    await writeJsonFile(files, 'folder.json', { format: 8, ...before });
    for (const name of ['node/ledger/index/CURRENT', 'node/ledger/index/000005.ldb']) {
      await writeJsonFile(files, name, {});
    }
    await writeJsonFile(files, 'node/ledger/chain/CURRENT', {});
    await migrateFolder(files, migrations);
    await assertNow(files, before);
    assert.deepEqual(await files.list('node/ledger/index'), []);
    assert.deepEqual(await files.list('node/ledger/chain'), ['CURRENT']);
  });

  it('of layout 6 is refused as it is if its network pays claims at once, and goes forward if it has no claims', async () => {
    const files = memoryFiles();
    const before = { format: 6, demo: false, hosts: ['hospital'] };
    await writeJsonFile(files, 'folder.json', before);
    await writeJsonFile(files, 'network.json', { contracts: { claims: '0x01' } });
    await assert.rejects(migrateFolder(files, migrations), failsWith('FOLDER_OLDER'));
    assert.deepEqual(await readJsonFile(files, 'folder.json'), before);
    await writeJsonFile(files, 'network.json', { contracts: {} });
    await migrateFolder(files, migrations);
    await assertNow(files, before);
  });

  it('of layout 7 is refused as it is if its network has a release key of another curve, and goes forward if it has none', async () => {
    const files = memoryFiles();
    const before = { format: 7, demo: false, hosts: ['hospital'] };
    await writeJsonFile(files, 'folder.json', before);
    const key = { publicKey: `0x${'a0'.repeat(96)}` };
    await writeJsonFile(files, 'network.json', { channels: [{ name: 'care', release: key }] });
    await assert.rejects(migrateFolder(files, migrations), failsWith('FOLDER_OLDER'));
    assert.deepEqual(await readJsonFile(files, 'folder.json'), before);
    await writeJsonFile(files, 'network.json', { channels: [{ name: 'care' }] });
    await migrateFolder(files, migrations);
    await assertNow(files, before);
  });

  // @class a number that says less than what it stands for | an operator whose folder is of an earlier version to be told that it is ready
  it('has a number that stands for the formats of all its stores: whoever changes one adds a layout and a step', () => {
    const numbers = Object.entries(STORE_FORMATS).map(([name, { number }]) => [name, number]);
    const others = numbers.filter(([, number]) => number !== 1);
    assert.deepEqual(Object.fromEntries(others), {
      folder: 10,
      founding: 3,
      restored: 2,
      index: 5,
      log: 6,
    });
    assert.deepEqual(
      [FOLDER_FORMAT, LOG_FORMAT, FOUNDING_FORMAT, bytesToUtf8(CHAIN_FORMAT)],
      [10, 6, 3, `medseal-ledger/${STORE_FORMATS.chain.number}`],
    );
  });

  it('is brought forward from each layout that the table names as earlier, and from no other', () => {
    const { earlier } = STORE_FORMATS.folder;
    const steps = migrations.map(({ from }) => from).filter((from) => from > 2);
    assert.deepEqual(Object.keys(earlier).map(Number), steps);
  });

  it('that states an earlier format without a way forward is refused as it is', async () => {
    const files = memoryFiles();
    await writeFolderFile(files, { demo: false, hosts: ['hospital'] });
    await writeStated(files, '0.1.9', { log: LOG_FORMAT - 1 });
    files.onStep = (step) => assert.fail(step);
    await assert.rejects(migrateFolder(files, migrations), (error) => {
      assert.ok(failsWith('FOLDER_OLDER')(error));
      assert.match(String(error), /store log is of format 5/);
      return true;
    });
  });
});
