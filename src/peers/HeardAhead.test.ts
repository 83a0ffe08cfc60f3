import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Files } from '../folder/Files.ts';
import { openFolder } from '../folder/openFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { HeardAhead } from './HeardAhead.ts';

describe('what a node remembers of calls whose callers’ clocks were ahead', () => {
  let folder: string;
  let files: Files;
  const written = async (): Promise<string> =>
    await readFile(join(folder, 'heard-ahead.json'), 'utf8');

  before(async () => {
    folder = await scratchFolder();
    files = await openFolder(folder);
  });
  after(async () => await rm(folder, { recursive: true }));

  it('is on disk before a call is let in, by caller, and one write is enough for a second', async () => {
    const heard = await HeardAhead.open(files, 0);
    assert.equal(heard.before('hospital'), -Infinity);
    await Promise.all([heard.note('hospital', 5000), heard.note('insurer', 9000)]);
    const first = await written();
    for (const at of [5001, 4000, 6000]) await heard.note('hospital', at);
    assert.equal(await written(), first);
    await heard.note('hospital', 6001);
    const again = await HeardAhead.open(files, 0);
    assert.ok(again.before('hospital') >= 6001);
    assert.ok(again.before('insurer') >= 9000);
    assert.ok(again.before('insurer') <= 10_000);
    assert.equal(again.before('laboratory'), -Infinity);
    assert.equal(heard.before('hospital'), -Infinity, 'what was heard since is in memory');
  });

  it('is not lost with a write that fails: the call is not let in', async () => {
    const full = {
      write: async (): Promise<never> => await Promise.reject(new Error('full')),
      remove: async (): Promise<void> => await Promise.resolve(),
    };
    const heard = new HeardAhead(new Map(), full as unknown as Files);
    await assert.rejects(heard.note('laboratory', 1000), /full/);
    await assert.rejects(heard.note('laboratory', 1000), /full/);
  });

  it('is as if all had been heard up to the latest moment, if it was damaged', async () => {
    const sound = await written();
    for (const other of ['{}', '[{"caller":"x"}]', '[{"caller":"x","at":-1}]', '[1]', 'x', '']) {
      await writeFile(join(folder, 'heard-ahead.json'), other);
      assert.equal((await HeardAhead.open(files, 7000)).before('hospital'), 7000, other);
    }
    await writeFile(join(folder, 'heard-ahead.json'), sound);
    assert.equal((await HeardAhead.open(files, 7000)).before('laboratory'), -Infinity);
  });
});
