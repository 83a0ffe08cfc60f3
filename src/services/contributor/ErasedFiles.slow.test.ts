import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgedBy } from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { inFolder } from '../../vault/storeOpener.ts';
import { addOwn, eraseEverywhere, erasureBy, fileOf, holding, LARGE } from '../test/erased.ts';

describe('files of erased records', () => {
  let network: TestNetwork;
  let care: Care;
  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
  });
  after(async () => await network.close());

  it('go from every vault at once, whatever their leases and sizes, and no others', async () => {
    const { patient } = care;
    const small = await addOwn(patient, 'imaging');
    const large = await addOwn(patient, 'imaging', LARGE);
    const other = await addOwn(patient, 'laboratory', LARGE);
    const neighbour = await network.party('patient');
    await commitEpochs(neighbour, 2);
    const theirs = await addOwn(neighbour, 'imaging', LARGE);
    await network.checkpoint();
    const erased = [small, large].map(fileOf);
    for (const file of erased) assert.deepEqual(await holding(network, file), ORGANISATIONS);
    await eraseEverywhere(network, patient, 'imaging');
    for (const file of erased) assert.deepEqual(await holding(network, file), []);
    for (const kept of [other, theirs]) {
      assert.deepEqual(await holding(network, fileOf(kept)), ORGANISATIONS);
    }
    const later = await addOwn(patient, 'imaging', LARGE);
    await network.checkpoint();
    assert.deepEqual(await holding(network, fileOf(later)), ORGANISATIONS);
    for (const name of ORGANISATIONS) {
      const { files } = await network.services(name).contributor.repair();
      assert.deepEqual([files.restored, files.lost], [[], []]);
    }
    assert.deepEqual(network.failures, []);
  });

  // @attack an erasure up to an earlier epoch, or a second one, brings files back | the latest epoch counts
  it('stay gone after an erasure up to an earlier epoch, and after the same one again', async () => {
    const { patient, handle } = care;
    const record = await addOwn(patient, 'vitals', LARGE);
    const epoch = await eraseEverywhere(network, patient, 'vitals');
    for (const each of [1, epoch]) {
      await acknowledgedBy(
        patient,
        erasureBy(patient, { handle, category: 'vitals', epoch: each }),
      );
      await network.checkpoint();
      assert.deepEqual(await holding(network, fileOf(record)), []);
    }
  });

  // @attack a peer offers an erased file again | nobody asks for it
  it('are not fetched from a peer that has them still', async () => {
    const { patient } = care;
    const record = await addOwn(patient, 'reports', LARGE);
    const file = fileOf(record);
    await network.checkpoint();
    const bytes = await collectBytes(network.services('hospital').contributor.file(file));
    await eraseEverywhere(network, patient, 'reports');
    const { contributor } = network.services('hospital');
    const asked: string[] = [];
    network.liars.contributor.set('hospital', {
      ...contributor,
      stats: async () => await Promise.resolve([{ hash: file, size: bytes.length }]),
      async *file(hash) {
        asked.push(hash);
        if (hash === file) yield await Promise.resolve(bytes);
        else yield* contributor.file(hash);
      },
    });
    const { contributor: own } = network.services('laboratory');
    await assert.rejects(own.obtain(file), failsWith('RECORD_ERASED', { category: 'reports' }));
    await assert.rejects(own.mend(file), failsWith('RECORD_ERASED'));
    assert.deepEqual((await own.repair()).files.restored, []);
    assert.deepEqual(asked, []);
    // A folder that is empty learns of the erasure after it wants the file.
    await network.loseAll('laboratory');
    await network.checkpoint();
    assert.deepEqual(await holding(network, file), []);
    await network.services('laboratory').contributor.repair();
    assert.deepEqual(await holding(network, file), []);
    network.liars.contributor.clear();
  });
});

async function away(): Promise<never> {
  return await Promise.reject(new Error('away'));
}

async function onNetwork(
  test: (network: TestNetwork, care: Care) => Promise<void>,
  broken?: () => boolean,
): Promise<void> {
  const network = await startTestNetwork({
    cared: true,
    openStore: (organisation, ...at) => {
      const store = inFolder(organisation, ...at);
      if (organisation !== 'laboratory' || broken === undefined) return store;
      const remove = async (hash: `0x${string}`): Promise<void> => {
        if (broken()) throw new MedsealError('STORAGE_FAILED', {});
        await store.remove(hash);
      };
      return new Proxy(store, {
        get: (target, name) => {
          if (name === 'remove') return remove;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  });
  try {
    await test(network, await startCare(network));
  } finally {
    await network.close();
  }
}

async function eraseEverywhereBut(network: TestNetwork, patient: Care['patient']): Promise<void> {
  await eraseKeys(patient, 'imaging');
  await network.services().administrator.checkpoint();
  for (const name of ['hospital', 'laboratory']) {
    const { contributor } = network.services(name);
    await contributor.catchUp();
    await contributor.filesTried();
  }
}

describe('an organisation', () => {
  it('that was away deletes the files when it copies the erasure', async () => {
    await onNetwork(async (network, { patient }) => {
      const record = await addOwn(patient, 'imaging', LARGE);
      await network.checkpoint();
      const { contributor, coordinator } = network.services('insurer');
      network.liars.contributor.set('insurer', { ...contributor, notice: away });
      network.liars.coordinator.set('insurer', { ...coordinator, judge: away });
      await eraseEverywhereBut(network, patient);
      assert.deepEqual(await holding(network, fileOf(record)), ['insurer']);
      network.liars.contributor.clear();
      await contributor.catchUp();
      await contributor.filesTried();
      assert.deepEqual(await holding(network, fileOf(record)), []);
    });
  });

  // @attack a node that was away, was restored, or was killed between entry and deletion keeps an erased file | it deletes what its logs say, after each start
  it('that was restored from a backup deletes the files again', async () => {
    await onNetwork(async (network, { patient }) => {
      const record = await addOwn(patient, 'imaging', LARGE);
      await network.checkpoint();
      const saved = await network.save('insurer');
      await eraseEverywhere(network, patient, 'imaging');
      await network.rollBack('insurer', saved);
      await network.checkpoint();
      assert.deepEqual(await holding(network, fileOf(record)), []);
    });
  });

  it('that was killed between the entry and the deletion deletes after its start', async () => {
    let isBroken = true;
    await onNetwork(
      async (network, { patient }) => {
        const record = await addOwn(patient, 'imaging', LARGE);
        await network.checkpoint();
        await eraseEverywhere(network, patient, 'imaging');
        const file = fileOf(record);
        assert.deepEqual(await holding(network, file), ['laboratory']);
        isBroken = false;
        await network.restart('laboratory');
        const { contributor } = network.services('laboratory');
        await contributor.catchUp();
        await contributor.filesTried();
        assert.deepEqual(await holding(network, file), []);
      },
      () => isBroken,
    );
  });

  // @attack a store refuses to delete | the file is nobody’s, and is tried again
  it('whose store does not delete now tries again, and says so', async () => {
    let isBroken = true;
    await onNetwork(
      async (network, { patient }) => {
        const records = [
          await addOwn(patient, 'imaging', LARGE),
          await addOwn(patient, 'imaging', 40),
        ];
        await network.checkpoint();
        await eraseEverywhere(network, patient, 'imaging');
        const [large = '0x', small = '0x'] = records.map(fileOf);
        assert.deepEqual(await holding(network, large), ['laboratory']);
        assert.deepEqual(await holding(network, small), []);
        assert.ok(network.failures.length > 0);
        for (const failure of network.failures) failsWith('STORAGE_FAILED')(failure);
        isBroken = false;
        await network.checkpoint();
        assert.deepEqual(await holding(network, large), []);
      },
      () => isBroken,
    );
  });
});
