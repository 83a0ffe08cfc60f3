import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { SavedFolder } from '../../node/test/memoryFolder.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { CoordinatorPort } from '../ports.ts';

const LOG = 'care/hospital';
const seconds = (network: TestNetwork): number => Math.floor(network.clock.now() / 1000);

async function hang(): Promise<never> {
  return await new Promise(() => undefined);
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
}

describe('a folder that was rolled back, and nothing in it says so', () => {
  let network: TestNetwork;
  let care: Care;
  let saved: SavedFolder;

  beforeEach(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    saved = await network.save('hospital');
  });
  afterEach(async () => await network.close());

  async function add(): ReturnType<typeof addRecord> {
    const { patient, handle } = care;
    const content = utf8ToBytes('a note');
    return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
  }

  function only(name: string): void {
    for (const other of ['laboratory', 'insurer'].filter((each) => each !== name)) {
      const { contributor, coordinator } = network.services(other);
      network.liars.contributor.set(other, { ...contributor, latestCheckpoint: away });
      network.liars.coordinator.set(other, { ...coordinator, lastSigned: away, shown: away });
    }
  }

  for (const witness of ['laboratory', 'insurer']) {
    it(`learns what it forgot before it answers, where the ${witness} alone can be asked`, async () => {
      const { acknowledgement } = await add();
      only(witness);
      await network.rollBack('hospital', saved);
      const { rejoining, logs } = network.services();
      await rejoining.look();
      assert.equal(rejoining.learnt, false);
      await assert.rejects(add(), {
        code: 'NODE_BEHIND',
        message:
          /others prove that its folder was rolled back: care\/hospital had 1 entries, and has 0/,
      });
      network.liars.contributor.clear();
      network.liars.coordinator.clear();
      await assert.rejects(rejoining.go(), failsWith('NODE_BEHIND'));
      network.clock.advance(10_000);
      await rejoining.go();
      const kept = await logs.get(LOG)?.read({ from: 0, to: 1 });
      assert.deepEqual(kept, [acknowledgement]);
      assert.equal((await add()).acknowledgement.index, 1);
    });
  }

  it('is found out by the ledger, and by what its own coordinator signed of another’s log', async () => {
    const before = await network.save('laboratory');
    await add();
    await network.checkpoint();
    for (const [name, rows, what] of [
      ['hospital', saved, /care\/hospital had 1 entries, and has 0|signed a checkpoint of 1/],
      ['laboratory', before, /its coordinator signed a checkpoint of 1 entries of care\/hospital/],
    ] as const) {
      await network.rollBack(name, rows);
      const { rejoining, coordinator } = network.services(name);
      await rejoining.look();
      const signs = (await network.services('insurer').contributor.latestCheckpoint(LOG))
        ?.checkpoint.signatures;
      const own = network.keys.get(name)?.coordinator.address;
      const isSigner = signs?.some(({ coordinator: by }) => by === own) === true;
      assert.equal(rejoining.learnt, !isSigner && name !== 'hospital', name);
      if (!rejoining.learnt) {
        assert.match(rejoining.failure.message, what);
        const asked = coordinator.judge({ log: LOG, bodies: [] });
        await assert.rejects(asked, failsWith('NODE_BEHIND'));
      }
    }
  });

  it('is found out later, if nobody could be asked when it started', async () => {
    await add();
    only('nobody');
    await network.rollBack('hospital', saved);
    const { rejoining } = network.services();
    await rejoining.look();
    assert.equal(rejoining.learnt, true);
    network.liars.contributor.clear();
    network.liars.coordinator.clear();
    await rejoining.look();
    assert.equal(rejoining.learnt, false);
    await assert.rejects(add(), failsWith('NODE_BEHIND'));
  });

  // @attack a peer answers late at which a node asks what it forgot, so that the node, at work, takes itself for rolled back | its own length is looked at after the answers are there
  it('is not what a node is that goes on while another answers late', async () => {
    await add();
    only('nobody');
    await network.rollBack('hospital', await network.save('hospital'));
    const { rejoining } = network.services();
    await rejoining.look();
    network.liars.contributor.clear();
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.clear();
    network.liars.coordinator.set('insurer', {
      ...coordinator,
      lastSigned: async (log) => {
        await add();
        return await coordinator.lastSigned(log);
      },
      shown: async (asked) => {
        await add();
        return await coordinator.shown(asked);
      },
    });
    await rejoining.look();
    assert.equal(rejoining.learnt, true, rejoining.failure.message);
    await add();
  });

  // @attack what a node at work signs last, before it notices a rollback, makes it take itself for doubled, for good | its own entries are not a sign of another
  it('is noticed late, and what its own log had is not a sign of another that goes on with it', async () => {
    await add();
    await network.checkpoint();
    const { patient, handle } = care;
    const { agent, rejoining, administrator } = network.services('insurer');
    const here = { ...patient, agent, log: 'care/insurer' as const };
    await readChart(here, { handle, purpose: 'PATRQT' });
    // Of the hospital's log its coordinator forgot what it signed.
    const { contributor } = network.services('laboratory');
    const placed = (await contributor.latestCheckpoint(LOG)) ?? assert.fail();
    const { id } = logOf(network.file, LOG).log;
    const { root } = placed.checkpoint;
    const key = network.keys.get('insurer')?.coordinator ?? assert.fail();
    const signed = sign(patient, key, 'Checkpoint', { log: id, size: 64, root });
    const signatures = [{ coordinator: signed.party, signature: signed.signature }];
    const checkpoint = { ...placed.checkpoint, size: 64, signatures };
    network.liars.contributor.set('laboratory', {
      ...contributor,
      latestCheckpoint: async () => await Promise.resolve({ ...placed, checkpoint }),
    });
    await rejoining.look();
    network.liars.contributor.clear();
    assert.equal(rejoining.learnt, false);
    await assert.rejects(rejoining.go(), failsWith('NODE_BEHIND'));
    await administrator.checkpoint();
    network.clock.advance(10_000);
    await rejoining.go();
    assert.equal(rejoining.learnt, true);
  });

  it('waits for nobody who hangs', async () => {
    await add();
    for (const name of ['laboratory', 'insurer']) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, latestCheckpoint: hang });
    }
    await network.rollBack('hospital', saved);
    const { rejoining } = network.services();
    const looking = rejoining.look();
    for (let turn = 0; turn < 50; turn++) {
      await new Promise(setImmediate);
      network.clock.advance(100);
    }
    await looking;
    assert.equal(rejoining.learnt, true);
  });

  // @attack a peer says that a node forgot something, to keep it out | only what the node's own keys signed proves that
  it('is believed of nobody who shows nothing that its own keys signed', async () => {
    await add();
    await network.checkpoint();
    const sound = await network.save('hospital');
    const { coordinator, contributor } = network.services('insurer');
    const honest = await coordinator.lastSigned(LOG);
    const placed = (await contributor.latestCheckpoint(LOG)) ?? assert.fail();
    const { checkpoint } = placed;
    const root = `0x${'ee'.repeat(32)}` as const;
    const lies: Partial<CoordinatorPort & typeof contributor>[] = [
      {
        lastSigned: async () => await Promise.resolve({ ...honest, size: 64, root, peaks: [root] }),
      },
      {
        lastSigned: async () =>
          await Promise.resolve({ ...honest, note: honest.note?.replace('\n1\n', '\n9\n') ?? '' }),
      },
      {
        shown: async () =>
          await Promise.resolve({
            from: 1,
            entries: [root],
            verdicts: [],
            note: honest.note ?? '',
          }),
      },
      {
        latestCheckpoint: async () =>
          await Promise.resolve({ ...placed, checkpoint: { ...checkpoint, size: 64, root } }),
      },
    ];
    for (const lie of lies) {
      network.liars.coordinator.set('insurer', { ...coordinator, ...lie });
      network.liars.contributor.set('insurer', { ...contributor, ...lie });
      await network.rollBack('hospital', sound);
      await network.services().rejoining.look();
      assert.equal(network.services().rejoining.learnt, true);
      network.liars.coordinator.clear();
      network.liars.contributor.clear();
    }
    await add();
  });
});

describe('a second copy of a running node', () => {
  it('does not begin to serve where the first one goes on', async () => {
    const network = await startTestNetwork({ cared: true });
    const care = await startCare(network);
    const saved = await network.save('hospital');
    const { handle, patient } = care;
    const add = async (): ReturnType<typeof addRecord> =>
      await addRecord(patient, {
        handle,
        category: 'other',
        content: utf8ToBytes('x'),
        purpose: 'PATRQT',
      });
    const copy = await network.double('hospital', saved, {
      restoredAt: seconds(network),
      othersWentOn: true,
    });
    await assert.rejects(copy.rejoining.go(), failsWith('NODE_BEHIND'));
    await add();
    await network.checkpoint();
    network.clock.advance(10_000);
    await assert.rejects(copy.rejoining.go(), failsWith('NODE_DOUBLED', { size: 1, known: 0 }));
    await add();
    await copy.stop();
    await copy.close();
    await network.close();
  });

  // @attack a second copy of a node acknowledges entries of its own | others know what stands there
  it('is found by the one that is the second on the ledger, which enters nothing any more', async () => {
    const network = await startTestNetwork({ cared: true });
    const care = await startCare(network);
    const saved = await network.save('hospital');
    const { handle, patient } = care;
    const look = async (party = patient): ReturnType<typeof readChart> =>
      await readChart(party, { handle, purpose: 'PATRQT' });
    const copy = await network.double('hospital', saved);
    const atCopy = { ...patient, agent: copy.agent };
    await look();
    // The others know what stands in the log already: the copy acknowledges nothing.
    await assert.rejects(look(atCopy), failsWith('VERDICTS_MISSING', { got: 1, needed: 2 }));
    await network.checkpoint();
    await look();
    await network.checkpoint();
    const doubled = failsWith('NODE_DOUBLED', { size: 2, known: 1 });
    await assert.rejects(copy.administrator.checkpoint(), doubled);
    await assert.rejects(look(atCopy), doubled);
    await look();
    await copy.stop();
    await copy.close();
    await network.close();
  });
});
