import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  fourOf,
  secretOf,
  founders,
  senderAt,
  ask,
  heightOf,
  until,
} from './test/askValidators.ts';
import { get, probe, set, words } from './test/probe.ts';
import { engineMissing, startEngines } from './test/startEngines.ts';

describe('a node that joins late', { skip: engineMissing ?? false }, () => {
  it('begins with a snapshot that the validators’ signatures vouch for, and with no other', async (t) => {
    const network = await startEngines({ validators: 4, senders: founders, snapshotEvery: 30 });
    const other = await startEngines({ validators: 1, senders: founders, snapshotEvery: 30 });
    t.after(async () => {
      await Promise.all([network.close(), other.close()]);
    });
    const [first] = fourOf(network);
    const [foreign] = other.engines;
    assert.ok(foreign);
    const sender = await senderAt(first, secretOf(1));
    const { contract } = await sender.send({ data: probe.creation });
    assert.ok(contract);
    await sender.send({ to: contract, data: set(7n, 42n), gas: 100_000 });
    for (const each of [first, foreign])
      await until('snapshots are made', async () => (await heightOf(each)) > 65);
    const { block_id: trusted } = await ask<{ block_id: { hash: string } }>(
      first,
      'block?height=5',
    );

    const late = await network.late(5, trusted.hash);
    await until('it is in step', async () => (await heightOf(late)) >= (await heightOf(first)) - 2);
    const { sync_info: begun } = await ask<{ sync_info: { earliest_block_height: string } }>(
      late,
      'status',
    );
    assert.ok(Number(begun.earliest_block_height) > 30, begun.earliest_block_height);
    const read = { method: 'eth_call', params: [{ to: contract, data: get(7n) }, 'latest'] };
    await until('it reads the state', async () => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...read });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(late.url, { method: 'POST', headers, body });
      return ((await answer.json()) as { result?: unknown }).result === words(42n);
    });

    const misled = await network.late(5, 'AB'.repeat(32));
    await until(
      'it says that its block is another',
      async () => await Promise.resolve(/expected header's hash/.test(misled.log())),
    );

    // The validators now offer what another network's state was at the same heights.
    await Promise.all(
      network.engines.map(async (engine) => {
        await engine.stop();
        const snapshots = 'data/snapshots';
        await rm(join(engine.home, snapshots), { recursive: true });
        await cp(join(foreign.home, snapshots), join(engine.home, snapshots), { recursive: true });
        const path = join(engine.home, 'settings.json');
        const settings = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
        await writeFile(path, JSON.stringify({ ...settings, snapshotEvery: 0 }));
        await engine.start();
      }),
    );
    const deceived = await network.late(5, trusted.hash);
    await until(
      'it finds that the state is another',
      async () => await Promise.resolve(/appHash verification failed/.test(deceived.log())),
    );
    assert.equal(await heightOf(deceived), 0);
  });
});
