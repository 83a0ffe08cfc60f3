import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { holdersOf } from '../../protocol/rights/holdersOf.ts';
import { hospitalAs, settled, unplugged, written } from './test/replicas.ts';

const HOUR = 3_600_000;

async function onTwoCopies(
  test: (network: TestNetwork, care: Care) => Promise<void>,
): Promise<void> {
  const network = await startTestNetwork({ cared: true, copies: 2 });
  try {
    await test(network, await startCare(network));
  } finally {
    await network.close();
  }
}

/** The organisations whose vaults hold a file. */
async function whoHas(network: TestNetwork, file: `0x${string}`): Promise<readonly string[]> {
  const found = await Promise.all(
    ORGANISATIONS.map(async (name) => {
      const { contributor } = network.services(name);
      return (await contributor.stats([file])).length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}

function keepers(network: TestNetwork, file: `0x${string}`): readonly string[] {
  const [channel] = network.file.channels;
  assert.ok(channel !== undefined);
  return [...holdersOf(portablePrimitives, channel, file)].toSorted();
}

/** Copies everything, lets two leases pass, and gives up and collects what is then in surplus. */
async function thinOut(network: TestNetwork): Promise<number> {
  await network.checkpoint();
  for (const name of ORGANISATIONS) {
    const { contributor } = network.services(name);
    await contributor.catchUp();
    await contributor.filesTried();
    // An organisation finds its own log's surplus with its regular repair.
    await contributor.repair();
  }
  network.clock.advance(2 * HOUR + 1000);
  await settled();
  return await collected(network);
}

async function collected(network: TestNetwork): Promise<number> {
  let released = 0;
  for (const name of ORGANISATIONS) {
    const { contributor, vault } = network.services(name);
    released += await contributor.releaseSurplus();
    await vault.collect(seconds(network.clock));
  }
  return released;
}

describe('a channel that keeps two copies of each file at three organisations', () => {
  it('ends with each file at exactly those that everyone computes, and any node still serves it', async () => {
    await onTwoCopies(async (network, care) => {
      const files = [...(await written(care, 8)), ...(await written(care, 2, 20_000))];
      const isSpread = new Set(files.map((file) => keepers(network, file).join()));
      assert.ok(isSpread.size > 1, 'not all files have the same keepers');
      await thinOut(network);
      for (const file of files) {
        assert.deepEqual([...(await whoHas(network, file))].toSorted(), keepers(network, file));
      }
      assert.equal(await collected(network), 0);
      const away = files.find((file) => !keepers(network, file).includes('hospital')) ?? '0x';
      await network.services().contributor.obtain(away);
      assert.ok((await whoHas(network, away)).includes('hospital'), 'fetched for a reader');
    });
  });

  it('opens a record for its patient at a node that does not keep its file', async () => {
    await onTwoCopies(async (network, care) => {
      const { patient, handle } = care;
      const terms = { handle, category: 'reports', purpose: 'PATRQT' } as const;
      const logged = [];
      for (let made = 0; made < 6; made++) {
        logged.push(await addRecord(patient, { ...terms, content: patient.random(300) }));
      }
      await thinOut(network);
      const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
      for (const { record } of logged) {
        const listed = chart.records.find((each) => each.record === record);
        assert.ok(listed !== undefined);
        assert.equal((await readRecord(patient, chart, listed)).content.length, 300);
      }
    });
  });

  it('gives up no copy while one of those that are to keep the file does not say that it has it', async () => {
    await onTwoCopies(async (network, care) => {
      const files = await written(care, 8);
      const before = await Promise.all(files.map(async (file) => await whoHas(network, file)));
      hospitalAs(network, { stats: unplugged });
      await thinOut(network);
      for (const [place, file] of files.entries()) {
        if (!keepers(network, file).includes('hospital')) continue;
        const now = await whoHas(network, file);
        assert.ok((before[place] ?? []).every((name) => now.includes(name)));
      }
      network.liars.contributor.clear();
      await collected(network);
      for (const file of files) assert.equal((await whoHas(network, file)).length, 2);
    });
  });

  it('gives up nothing that somebody may have by a lease alone', async () => {
    await onTwoCopies(async (network, care) => {
      await written(care, 8);
      await network.checkpoint();
      assert.equal(await collected(network), 0);
    });
  });

  it('does not call a file lost that others keep, and makes good one that it keeps', async () => {
    await onTwoCopies(async (network, care) => {
      const files = await written(care, 8);
      await thinOut(network);
      await network.lose('laboratory', 'vault-index', 'vault');
      const { contributor } = network.services('laboratory');
      const { files: found } = await contributor.repair();
      const own = files.filter((file) => keepers(network, file).includes('laboratory'));
      assert.deepEqual([...found.restored].toSorted(), [...own].toSorted());
      assert.deepEqual(found.lost, []);
    });
  });
});
