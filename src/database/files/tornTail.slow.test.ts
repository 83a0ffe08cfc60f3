import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from '../LevelDatabase.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';

/** Bytes of a block of LevelDB's log; a record that goes over its end is in two parts. */
const BLOCK = 32_768;
/** Rows that are synced before the last batch, which is not. */
const SYNCED = 20;

let root: string;

before(async () => {
  root = await scratchFolder();
});
after(async () => await rm(root, { recursive: true }));

/** A database as it lies on disk while a process runs, with its log before the last batch and after. */
interface Running {
  readonly folder: string;
  readonly log: string;
  readonly before: Uint8Array;
  readonly whole: Uint8Array;
}

/** Writes rows that are synced, of which the log takes up about so many bytes, and then a batch that is not. */
async function running(name: string, bytes: number): Promise<Running> {
  const [live, folder] = [join(root, `${name}-live`), join(root, name)];
  const level = new LevelDatabase(live);
  const content = '.'.repeat(Math.floor(bytes / SYNCED) - 40);
  for (let place = 0; place < SYNCED; place++) {
    await level.put(`synced ${place}`, content, { sync: true });
  }
  const log = (await readdir(live)).find((each) => each.endsWith('.log')) ?? assert.fail();
  const written = await readFile(join(live, log));
  await level.batch([
    { type: 'put', key: 'last', value: 'one' },
    { type: 'put', key: 'last too', value: 'two'.repeat(40) },
    { type: 'del', key: 'synced 0' },
  ]);
  await cp(live, folder, { recursive: true });
  await level.close();
  return { folder, log, before: written, whole: await readFile(join(folder, log)) };
}

/** Opens the database with another end of its log: what was synced is there, and the batch wholly or not at all. */
async function opensWith({ folder, log }: Running, bytes: Uint8Array): Promise<boolean> {
  const torn = join(root, 'torn');
  await cp(folder, torn, { recursive: true });
  await writeFile(join(torn, log), bytes);
  const level = new LevelDatabase(torn);
  const rows = new Map(await level.iterator().all());
  await level.close();
  await rm(torn, { recursive: true });
  const isThere = rows.has('last');
  for (let place = 1; place < SYNCED; place++) assert.ok(rows.has(`synced ${place}`));
  assert.equal(rows.has('last too'), isThere);
  assert.equal(rows.has('synced 0'), !isThere);
  assert.equal(rows.size, SYNCED + (isThere ? 1 : 0));
  return isThere;
}

describe('a database of LevelDB whose last batch was not synced when the power went', () => {
  for (const [name, bytes] of [
    ['within a block of its log', BLOCK / 2],
    ['over the end of a block', BLOCK + 60],
  ] as const) {
    it(`has all that was synced, and the batch whole or not at all, which lay ${name}`, async (t) => {
      const database = await running(name, bytes);
      const { before: synced, whole } = database;
      assert.equal(synced.length < BLOCK && whole.length > BLOCK, name.startsWith('over'));
      let tried = 0;
      for (let length = synced.length; length <= whole.length; length++) {
        const zeroed = Uint8Array.from(whole);
        zeroed.fill(0, length);
        for (const torn of [whole.subarray(0, length), zeroed]) {
          const isThere = await opensWith(database, torn);
          assert.equal(isThere, length === whole.length);
          tried += 1;
        }
      }
      t.diagnostic(`${tried} ends of a log`);
    });
  }
});
