import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { OpenDev } from '../openDev.ts';
import { openFoundedDev } from './openFoundedDev.ts';

const given = process.env['FOUNDED'];
let root: string;

before(async () => {
  root = await scratchFolder();
});

after(async () => {
  if (given === undefined) delete process.env['FOUNDED'];
  else process.env['FOUNDED'] = given;
  await rm(root, { recursive: true });
});

/** Opens demonstrations at the same time, in folders of these names. */
async function open(...names: readonly string[]): Promise<readonly OpenDev[]> {
  return await Promise.all(
    names.map(async (name) => await openFoundedDev({ data: join(root, name) })),
  );
}

describe('demonstrations of a run of tests', () => {
  it('are copies of one, also if several come first, each with ports of its own; one by itself is another', async () => {
    const kept = await scratchFolder();
    process.env['FOUNDED'] = kept;
    const copies = [...(await open('one', 'two')), ...(await open('three'))];
    delete process.env['FOUNDED'];
    const [alone] = await open('four');
    const ids = copies.map(({ ready }) => ready.networkId);
    assert.equal(new Set(ids).size, 1);
    assert.equal(new Set(copies.map(({ ready }) => ready.url)).size, 3);
    assert.notEqual(alone?.ready.networkId, ids[0]);
    assert.deepEqual(await readdir(kept), ['empty-guarded']);
    for (const each of [...copies, ...(alone ? [alone] : [])]) await each.close();
    await rm(kept, { recursive: true });
  });
});
