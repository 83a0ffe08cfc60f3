import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { openBeginning, type Beginning } from './openBeginning.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

interface Played {
  /** Days since the stated block; none is stated if absent. */
  readonly days?: number;
  /** Names in the validator's folder. */
  readonly has?: readonly string[];
  /** If each of the others offers snapshots; undefined if it does not answer. */
  readonly others?: readonly (boolean | undefined)[];
  /** Number of the others that keep all blocks; all of them if absent. */
  readonly keepers?: number;
}

/** Plays a newcomer, and organisations that sign their name as a commit. */
async function beginningOf({
  days,
  has = [],
  others = [true, true, true],
  keepers = 9,
}: Played): Promise<Beginning | undefined> {
  const path = await scratchFolder();
  folders.push(path);
  await mkdir(join(path, 'validator/data'), { recursive: true });
  for (const name of has) await writeFile(join(path, 'validator/data', name), '');
  const block = { height: 9, hash: `0x${'5a'.repeat(32)}`, time: NOW - (days ?? 0) * DAY };
  const before = days === undefined ? [] : [{ block }];
  const clock = new TestClock(1000 * NOW);
  return await openBeginning({
    files: { path },
    networks: [{ before, channels: [{ thresholds: { writes: 2 } }] } as unknown as NetworkFile],
    others: others.map((snapshots, place) => ({
      organisation: `other-${place}`,
      url: `http://other-${place}.example`,
      clock,
      fetch: async (_, init) => {
        if (snapshots === undefined) return await Promise.reject(new Error('away'));
        if (init?.method !== 'POST') return Response.json({ all: place < keepers, snapshots });
        if (place === 0) return new Response('', { status: 503 });
        const { id, params } = JSON.parse(init.body as string) as { id: number; params: unknown };
        return Response.json({ jsonrpc: '2.0', id, result: { from: place, params } });
      },
    })),
    clock,
    log: { info: () => undefined },
  });
}

async function post(url: string, body: string): Promise<Response> {
  return await fetch(url, { method: 'POST', body });
}

describe('the beginning of a validator', () => {
  it('is a snapshot from the stated block, through two parts of the others', async () => {
    const begun = await beginningOf({ days: 3 });
    const { snapshotSources: sources = [], snapshotBlock } = begun?.snapshot ?? {};
    assert.equal(snapshotBlock, `9:${'5a'.repeat(32)}`);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 4,
      method: 'commit',
      params: { height: '9' },
    });
    const froms = await Promise.all(
      sources.map(async (url) => {
        const { id, result } = (await (await post(url, body)).json()) as {
          id: number;
          result: { from: number; params: unknown };
        };
        assert.deepEqual([id, result.params], [4, ['commit', { height: '9' }]]);
        return result.from;
      }),
    );
    // The first of the others does not answer, so its part asks the third.
    assert.deepEqual(froms, [2, 1]);
    const long = JSON.stringify({ method: 'x'.repeat(5000) });
    assert.equal((await post(sources[1] ?? '', long)).status, 502);
    await begun?.close();
    await begun?.close();
    await assert.rejects(fetch(sources[0] ?? ''));
  });

  it('is a snapshot again if the last one was cut off', async () => {
    const begun = await beginningOf({ days: 3, has: ['blockstore.db', 'beginning'] });
    assert.ok(begun);
    await begun.close();
  });

  for (const [why, played] of [
    ['it has blocks', { days: 3, has: ['blockstore.db'] }],
    ['no block is stated, as at the founding', {}],
    ['the stated block is two weeks old', { days: 13.1 }],
    ['nobody offers a snapshot', { days: 3, others: [false, false, false] }],
    ['fewer than k others keep all blocks', { days: 3, keepers: 1 }],
    ['one alone answers', { days: 3, others: [true, undefined, undefined] }],
    ['nobody else is known', { days: 3, others: [] }],
  ] as const) {
    it(`is the first block if ${why}`, async () => {
      assert.equal(await beginningOf(played), undefined);
    });
  }
});
