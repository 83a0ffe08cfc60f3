import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dropChecksums } from '../../database/test/dropChecksums.ts';
import { FOLDER_FORMAT, folderFileOf } from '../../folder/FolderFile.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { writeStated } from '../../folder/test/writeStated.ts';
import { VERSION } from '../../folder/version.ts';
import { OF_A_RUN, STORE_FORMATS, type StoreFormat } from '../../protocol/wire/storeFormats.ts';
import { runMedseal, startDev, temporaryFolder } from '../test/runMedseal.ts';
import { startNode } from '../test/startNode.ts';

/** Formats of the stores of a node that ran, as `medseal up --check` says them. */

interface Checked {
  readonly ok: boolean;
  readonly version?: string;
  readonly refused?: string;
  readonly stores: readonly { store: string; format?: number; present: number; start?: string }[];
}

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let root: string;
/** The folder of a node that ran and was stopped. */
let ran: string;
before(async () => {
  root = await temporaryFolder(suite);
  ran = join(root, 'ran');
  const made = ['init', '--data', ran, '--organisations', 'clinic,pharmacy', '--plain-keys'];
  assert.equal((await runMedseal(...made, '--yes')).code, 0);
  const node = await startNode(suite, ran);
  // While it runs the check says the same.
  assert.deepEqual((await check(ran)).refused, undefined);
  assert.equal((await node.stop()).code, 0);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function check(data: string): Promise<Checked & { readonly code: number | null }> {
  const { code, stdout } = await runMedseal('up', '--check', '--data', data, '--json');
  return { ...(JSON.parse(stdout) as Checked), code };
}

/** Each file of a folder with its bytes' hash and its times. */
async function stateOf(data: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, ino } = await stat(path);
    const sum = entry.isFile() ? createHash('sha256').update(await readFile(path)) : undefined;
    files.set(relative(data, path), [ino, mtimeMs, sum?.digest('hex')].join(' '));
  }
  return files;
}

async function copyOf(name: string): Promise<string> {
  const data = join(root, name);
  await cp(ran, data, { recursive: true });
  return data;
}

/** Writes a folder.json of earlier layouts, whose content had no checksum. */
async function writeBefore(data: string, format: number): Promise<void> {
  const file = { format, demo: false, hosts: ['clinic', 'pharmacy'] };
  await writeFile(join(data, 'folder.json'), `${JSON.stringify(file, null, 2)}\n`);
}

function matches(path: string, { kind, paths }: Pick<StoreFormat, 'kind' | 'paths'>): boolean {
  return paths.some((pattern) => {
    const all = kind === 'database' && !pattern.endsWith('/**') ? `${pattern}/*` : pattern;
    const text = all
      .replaceAll('.', String.raw`\.`)
      .replaceAll('**', '\u{0}')
      .replaceAll('*', '[^/]*')
      .replaceAll('\u{0}', '.+');
    return new RegExp(`^${text}$`).test(path);
  });
}

/** Asserts that each file of a folder is in one row of the table, and returns the rows. */
async function rowsOf(data: string): Promise<Set<string>> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  assert.ok(files.length > 60);
  const used = new Set<string>();
  for (const { parentPath, name } of files) {
    const path = relative(data, join(parentPath, name));
    const rows = Object.entries<StoreFormat>(STORE_FORMATS).filter(([, row]) => matches(path, row));
    const isPassing = matches(path, { kind: 'files', paths: OF_A_RUN });
    assert.equal(rows.length + Number(isPassing), 1, path);
    for (const [store] of rows) used.add(store);
  }
  return used;
}

describe('the stores of a node’s folder', () => {
  // @class a store without a row in the table | an operator who upgrades to be told that the node starts
  it('are each in one row of the table, and so is every file of the folder', async () => {
    const used = await rowsOf(ran);
    // Its folder is there, and empty.
    used.add('sealed');
    const { stores, version, code } = await check(ran);
    assert.deepEqual([version, code], [VERSION, 0]);
    assert.deepEqual(new Set(stores.map(({ store }) => store)), used);
    for (const { format, present, start } of stores) {
      assert.deepEqual([format, start], [present, 'opens']);
    }
  });

  it('are in the table too of a demonstration with its people', async () => {
    const data = join(root, 'demonstration');
    const dev = await startDev(suite, '--data', data);
    await dev.stop('SIGKILL');
    const used = await rowsOf(data);
    for (const store of ['people', 'authority', 'index']) assert.ok(used.has(store), store);
  });

  it('are asked without a change of a byte, a time or a name', async () => {
    const was = await stateOf(ran);
    assert.equal((await check(ran)).code, 0);
    const { code, stdout } = await runMedseal('up', '--check', '--data', ran);
    assert.equal(code, 0);
    assert.match(stdout, /\n {2}log +format 6, opens\n/);
    assert.deepEqual(await stateOf(ran), was);
  });

  it('are refused by check and start alike if one is of a later version, and nothing is changed', async () => {
    const data = await copyOf('later');
    const path = join(data, 'successors.json');
    await writeFile(path, `${JSON.stringify({ format: 'medseal-successors/2' })}\n`);
    const was = await stateOf(data);
    const { code, ok, refused, stores } = await check(data);
    assert.deepEqual([code, ok, refused], [1, false, 'FOLDER_NEWER']);
    const { start, format } = stores.find(({ store }) => store === 'successors') ?? assert.fail();
    assert.deepEqual([start, format], ['refuses', 2]);
    assert.deepEqual(await stateOf(data), was);
    assert.equal((await runMedseal('up', '--data', data, '--json')).code, 1);
  });

  it('are refused by check and start alike if folder.json is of a later version, altered or cut off', async () => {
    const data = await copyOf('altered');
    const path = join(data, 'folder.json');
    const whole = await readFile(path, 'utf8');
    for (const [text, code] of [
      [whole.replace(`"format": ${FOLDER_FORMAT}`, '"format": 99'), 'FOLDER_NEWER'],
      [whole.replace('"log": 6', '"log": 5'), 'FOLDER_FOREIGN'],
      [whole.replace(VERSION, '9.9.9'), 'FOLDER_FOREIGN'],
      [whole.slice(0, 40), 'FOLDER_FOREIGN'],
    ] as const) {
      await writeFile(path, text);
      for (const line of [['up', '--check'], ['up']]) {
        const run = await runMedseal(...line, '--data', data, '--json');
        assert.equal(run.code, 1);
        assert.match(run.stdout, new RegExp(`"${code}"`));
      }
      assert.equal(await readFile(path, 'utf8'), text);
    }
  });

  // @class a format that changes below a running network | an operator whose folder is of the version before
  it('of the versions before, whose rows have no checksums, are opened, get them, and are stated from then on', async () => {
    for (const layout of [8, 9]) {
      const data = await copyOf(`before-${layout}`);
      const files = await openFolder(data);
      if (layout === 8) await writeBefore(data, layout);
      else await writeStated(files, '0.1.9', { index: 2 }, layout);
      assert.ok((await dropChecksums(data)) > 100);
      const was = await stateOf(data);
      const { code, version, stores } = await check(data);
      assert.deepEqual([code, version], [0, layout === 8 ? undefined : '0.1.9']);
      assert.equal(stores.find(({ store }) => store === 'folder')?.start, 'migrates');
      assert.deepEqual(await stateOf(data), was);
      const examined = await runMedseal('fsck', '--data', data);
      assert.equal(examined.code, 0, examined.stdout);
      for (let turn = 0; turn < 2; turn++) {
        const node = await startNode(suite, data);
        assert.equal((await node.stop()).code, 0);
      }
      const now: unknown = JSON.parse(await readFile(join(data, 'folder.json'), 'utf8'));
      assert.deepEqual(now, folderFileOf({ demo: false, hosts: ['clinic', 'pharmacy'] }));
      assert.equal((await check(data)).version, VERSION);
      const later = await runMedseal('fsck', '--data', data);
      assert.equal(later.code, 0, later.stdout);
    }
  });

  it('of a version with another index are opened and rebuilt, and refused with another store', async () => {
    const data = await copyOf('another');
    const files = await openFolder(data);
    await writeStated(files, '0.1.9', { index: 1 });
    const { code, version, stores } = await check(data);
    assert.deepEqual([code, version], [0, '0.1.9']);
    assert.equal(stores.find(({ store }) => store === 'index')?.start, 'rebuilds');
    const node = await startNode(suite, data);
    assert.equal((await node.stop()).code, 0);
    assert.equal((await check(data)).version, VERSION);
    await writeStated(files, '0.9.1', { letters: 2 });
    const was = await readFile(join(data, 'folder.json'), 'utf8');
    assert.partialDeepStrictEqual(await check(data), {
      code: 1,
      version: '0.9.1',
      refused: 'FOLDER_NEWER',
    });
    const run = await runMedseal('up', '--data', data);
    assert.match(run.stderr, /which Medseal 0\.9\.1 used last, has the store letters in format 2/);
    const examined = await runMedseal('fsck', '--data', data);
    assert.match(examined.stderr, /FOLDER_NEWER/);
    assert.equal(await readFile(join(data, 'folder.json'), 'utf8'), was);
  });

  it('are opened, as check says, though files are of another form that a start writes again or does not read', async () => {
    const data = await copyOf('forms');
    for (const [name, value] of [
      ['restored.json', { format: 'medseal-restored/1', at: 1, rejoined: [] }],
      ['contracts.json', {}],
      ['signed-successor.json', {}],
    ] as const) {
      await writeFile(join(data, name), JSON.stringify(value));
    }
    const { code, stores } = await check(data);
    assert.equal(code, 0);
    assert.equal(stores.find(({ store }) => store === 'restored')?.start, 'rebuilds');
    const node = await startNode(suite, data);
    assert.equal((await node.stop()).code, 0);
  });
});
