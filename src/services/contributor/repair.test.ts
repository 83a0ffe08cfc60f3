import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { logRowKeys } from '../../log/keys.ts';
import { submissionOf, submitted, viewOf } from '../../node/test/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { eraseAtSource, LOG, onNetwork, sizeAt, VIEW, written } from './test/replicas.ts';

describe('repair', () => {
  it('makes damaged files good, at a replica and at home, and says which', async () => {
    await onNetwork(async (network, care) => {
      const files = await written(care, 2, 20_000);
      await network.checkpoint();
      for (const name of ['hospital', 'insurer'] as const) {
        const { contributor } = network.services(name);
        const place = `sealed/${files[1]?.slice(2, 4)}/${files[1]?.slice(2)}`;
        network.tamper(name, 'vault', place, (bytes) => bytes.with(9, (bytes[9] ?? 0) ^ 1));
        await assert.rejects(
          collectBytes(contributor.file(files[1] ?? '0x')),
          failsWith('FILE_MISMATCH'),
        );
        const { files: found } = await contributor.repair();
        assert.deepEqual(found, { examined: 2, restored: [files[1]], lost: [] });
        assert.equal((await collectBytes(contributor.file(files[1] ?? '0x'))).length, 20_000);
      }
    });
  });

  it('makes damaged rows of logs good, of its own and of copies', async () => {
    await onNetwork(async (network, care) => {
      await written(care, 6);
      await network.checkpoint();
      await written(care, 2);
      await network.checkpoint();
      for (const name of ['hospital', 'laboratory'] as const) {
        const { contributor } = network.services(name);
        const before = await contributor.read({ log: LOG, from: 0, to: 8 });
        const database = network.database(name, 'logs/hospital');
        await database.del(logRowKeys.body(1), VIEW);
        await database.del(logRowKeys.entry(3), VIEW);
        // An entry that was changed, its body erased: only the signed root tells.
        const other = await database.get<Uint8Array, Uint8Array>(logRowKeys.entry(7), VIEW);
        await database.put<Uint8Array, Uint8Array>(
          logRowKeys.entry(6),
          other ?? new Uint8Array(),
          VIEW,
        );
        await database.put<Uint8Array, Uint8Array>(logRowKeys.body(6), new Uint8Array(), VIEW);
        const report = await contributor.repair();
        const found = report.logs.find(({ log }) => log === LOG);
        assert.deepEqual(found, {
          log: LOG,
          examined: 8,
          restored: [1, 3, 6],
          lost: [],
          hashes: 0,
        });
        assert.deepEqual(await contributor.read({ log: LOG, from: 0, to: 8 }), before);
        const again = (await contributor.repair()).logs.find(({ log }) => log === LOG);
        assert.deepEqual(again, { log: LOG, examined: 8, restored: [], lost: [], hashes: 0 });
      }
    });
  });

  it('leaves erased bodies erased', async () => {
    await onNetwork(async (network, care) => {
      await written(care, 3);
      await network.checkpoint();
      await eraseAtSource(network, 1);
      const { contributor } = network.services();
      const [repaired] = (await contributor.repair()).logs;
      assert.deepEqual([repaired?.restored, repaired?.lost], [[], []]);
      const [, erased] = await contributor.read({ log: LOG, from: 0, to: 3 });
      assert.equal(erased?.body, undefined);
    });
  });

  it('takes nothing from a peer that makes another root, and says what is lost', async () => {
    await onNetwork(async (network, care) => {
      await written(care, 3);
      await network.checkpoint();
      for (const name of ['laboratory', 'insurer'] as const) {
        const real = network.services(name).contributor;
        network.liars.contributor.set(name, {
          ...real,
          read: async (range) => (await real.read(range)).toReversed(),
        });
      }
      const { contributor } = network.services();
      const database = network.database('hospital', 'logs/hospital');
      await database.del(logRowKeys.body(2), VIEW);
      const [first] = (await contributor.repair()).logs;
      assert.deepEqual([first?.restored, first?.lost], [[], [2]]);
      await database.del(logRowKeys.entry(1), VIEW);
      const [second] = (await contributor.repair()).logs;
      assert.deepEqual([second?.restored, second?.lost, second?.hashes], [[], [0, 1, 2], 0]);
      network.liars.contributor.clear();
      const [third] = (await contributor.repair()).logs;
      assert.deepEqual([third?.restored, third?.lost], [[1, 2], []]);
    });
  });

  it('brings an own log back that was lost, before anything is appended to it', async () => {
    await onNetwork(async (network, care) => {
      await written(care, 3);
      await network.checkpoint();
      const before = await network.services().contributor.read({ log: LOG, from: 0, to: 3 });
      await network.lose('hospital', 'logs/hospital');
      const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
      assert.equal(outcome.outcome === 'refused' && outcome.problem.code, 'CHECKPOINT_REFUSED');
      const { contributor } = network.services();
      await contributor.catchUp();
      assert.deepEqual(await contributor.read({ log: LOG, from: 0, to: 3 }), before);
      await written(care, 1);
      await network.checkpoint();
      assert.equal(await sizeAt(network.services('insurer').contributor), 4);
    });
  });
});
