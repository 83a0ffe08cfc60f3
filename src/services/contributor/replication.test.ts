import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import type { Party } from '../../client/party/Party.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import {
  acknowledgedBy,
  submissionOf,
  submitted,
  uploaded,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import { everything, type Care, type TestNetwork } from '../../node/test/testNetwork.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ContributorPort } from '../ports.ts';
import {
  absent,
  damaged,
  deaf,
  eraseAtSource,
  filesIn,
  logNamed,
  hospitalAs,
  LOG,
  onNetwork,
  settled,
  sizeAt,
  unplugged,
  written,
} from './test/replicas.ts';

describe('copying entries and files', () => {
  it('does not let entries wait for files, and copies some files at a time', async () => {
    await onNetwork(async (network, care) => {
      absent(network, 'laboratory');
      const files = await written(care, 40);
      const real = network.services('hospital').contributor;
      const gate = Promise.withResolvers<void>();
      let asked = 0;
      hospitalAs(network, {
        async *file(hash) {
          asked += 1;
          await gate.promise;
          yield* real.file(hash);
        },
      });
      await network.services().administrator.checkpoint();
      const { contributor } = network.services('laboratory');
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 40);
      assert.equal((await contributor.read({ log: LOG, from: 0, to: 40 })).length, 40);
      assert.equal(await logNamed(contributor, files), 0);
      assert.ok(asked > 0 && asked <= 16, `${asked} at a time`);
      gate.resolve();
      await contributor.filesTried();
      assert.equal(await logNamed(contributor, files), 40);
    });
  });

  it('goes on with the files after a restart', async () => {
    await onNetwork(async (network, care) => {
      absent(network, 'laboratory');
      const files = await written(care, 3);
      hospitalAs(network, { file: none });
      network.liars.contributor.set('insurer', {
        ...network.services('insurer').contributor,
        file: none,
      });
      await network.checkpoint();
      const { contributor } = network.services('laboratory');
      assert.deepEqual([await sizeAt(contributor), await logNamed(contributor, files)], [3, 0]);
      await network.restart('laboratory');
      network.liars.contributor.clear();
      const again = network.services('laboratory').contributor;
      await again.catchUp();
      await again.filesTried();
      assert.equal(await logNamed(again, files), 3);
    });
  });

  it('takes files and entries from whichever peer has them while the source is away', async () => {
    await onNetwork(async (network, care) => {
      const contributor = deaf(network, 'insurer');
      const files = await written(care, 3);
      await network.services().administrator.checkpoint();
      const laboratory = network.services('laboratory').contributor;
      await laboratory.catchUp();
      await laboratory.filesTried();
      hospitalAs(network, {
        latestCheckpoint: unplugged,
        read: unplugged,
        nextCheckpoint: unplugged,
        file: none,
      });
      assert.equal(await sizeAt(contributor), 0);
      await contributor.catchUp();
      await contributor.filesTried();
      assert.deepEqual([await sizeAt(contributor), await logNamed(contributor, files)], [3, 3]);
    });
  });

  it('copies an entry whose body was erased at the source without its body', async () => {
    await onNetwork(async (network, care) => {
      const contributor = deaf(network, 'laboratory');
      deaf(network, 'insurer');
      await written(care, 5);
      await network.services().administrator.checkpoint();
      await eraseAtSource(network, 2);
      await network.database('laboratory', 'coordinator').clear();
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 5);
      const there = await network.services().contributor.read({ log: LOG, from: 0, to: 5 });
      assert.deepEqual(await contributor.read({ log: LOG, from: 0, to: 5 }), there);
      assert.deepEqual(
        there.map(({ body }) => body === undefined),
        [false, false, true, false, false],
      );
      await written(care, 1);
      await network.checkpoint();
      assert.equal(await sizeAt(contributor), 6);
    });
  });

  it('takes no entry without a body that too few coordinators judged', async () => {
    await onNetwork(async (network, care) => {
      const contributor = deaf(network, 'laboratory');
      deaf(network, 'insurer');
      await written(care, 2);
      await network.services().administrator.checkpoint();
      await eraseAtSource(network, 1);
      const real = network.services().contributor;
      const read: ContributorPort['read'] = async (range) =>
        (await real.read(range)).map((each) => ({ ...each, verdicts: each.verdicts.slice(0, 1) }));
      hospitalAs(network, { read });
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 0);
      network.liars.contributor.clear();
      await contributor.catchUp();
      assert.equal(await sizeAt(contributor), 2);
    });
  });

  it('goes from checkpoint to checkpoint, and does not begin again where it broke off', async () => {
    await onNetwork(async (network, care) => {
      const contributor = deaf(network, 'laboratory');
      deaf(network, 'insurer');
      for (let checkpoint = 0; checkpoint < 4; checkpoint++) {
        await written(care, 2);
        await network.services().administrator.checkpoint();
      }
      const real = network.services('hospital').contributor;
      const asked: number[] = [];
      hospitalAs(network, {
        read: async (range) => {
          asked.push(range.from);
          if (asked.length === 3) throw new Error('unplugged');
          return await real.read(range);
        },
      });
      await contributor.notice((await real.latestCheckpoint(LOG)) ?? assert.fail()).catch(() => 0);
      assert.equal(await sizeAt(contributor), 4);
      await contributor.catchUp();
      assert.deepEqual(asked, [0, 2, 4, 4, 6]);
      assert.equal(await sizeAt(contributor), 8);
      assert.equal((await contributor.nextCheckpoint({ log: LOG, size: 3 }))?.checkpoint.size, 4);
    });
  });
});

/** A doctor of another organisation with a right of their own, and records that the first one wrote. */
async function sharing(
  network: TestNetwork,
  care: Care,
): Promise<{ reader: Party; grant: Grant; texts: readonly string[] }> {
  const reader = await network.party('doctor', { organisation: 'laboratory' });
  const { grant } = await grantRight(care.patient, everything(reader));
  const texts = ['a short note', 'a long report '.repeat(5000), 'another note'];
  for (const text of texts) {
    await addRecord(care.doctor, {
      handle: care.handle,
      category: 'reports',
      content: utf8ToBytes(text),
      purpose: 'TREAT',
      grant: care.right.grant,
    });
  }
  await network.checkpoint();
  return { reader, grant, texts };
}

async function readAll(party: Party, care: Care, grant: Grant): Promise<string[]> {
  const chart = await readChart(party, { handle: care.handle, grant, purpose: 'TREAT' });
  const texts: string[] = [];
  for (const record of chart.records) {
    const { content, acknowledgement } = await readRecord(party, chart, record);
    assert.equal(acknowledgement.log, party.log, 'the read stands in the log of its agent');
    texts.push(bytesToUtf8(content));
  }
  return texts;
}

describe('an organisation that lost its vault', () => {
  it('leaves every shared record readable: elsewhere, at home, and after repair without peers', async () => {
    await onNetwork(async (network, care) => {
      const { reader, grant, texts } = await sharing(network, care);
      await network.lose('hospital', 'vault-index', 'vault');
      assert.deepEqual(await readAll(reader, care, grant), texts, 'at a replica');
      const report = await network.services().contributor.repair();
      assert.equal(report.files.restored.length, 3);
      assert.deepEqual(report.files.lost, []);
      for (const name of ['laboratory', 'insurer'] as const) {
        const gone = network.services(name).contributor;
        network.liars.contributor.set(name, { ...gone, stats: unplugged, file: none });
      }
      assert.deepEqual(await readAll(care.doctor, care, care.right.grant), texts, 'at home');
      network.clock.advance(10 * 3_600_000);
      assert.deepEqual((await network.services().contributor.repair()).files, {
        examined: 3,
        restored: [],
        lost: [],
      });
    });
  });

  it('fetches what is read before it is repaired', async () => {
    await onNetwork(async (network, care) => {
      const { texts } = await sharing(network, care);
      await network.lose('hospital', 'vault-index', 'vault');
      assert.deepEqual(await readAll(care.doctor, care, care.right.grant), texts);
    });
  });

  it('says so if nobody has the file', async () => {
    await onNetwork(async (network, care) => {
      const { reader: _ } = await sharing(network, care);
      for (const name of ['hospital', 'laboratory', 'insurer'] as const) {
        await network.lose(name, 'vault-index', 'vault');
      }
      const reading = readAll(care.doctor, care, care.right.grant);
      await assert.rejects(reading, failsWith('FILE_ABSENT'));
      const { files } = await network.services().contributor.repair();
      assert.deepEqual([files.restored.length, files.lost.length], [0, 3]);
    });
  });
});

describe('a replica', () => {
  it('serves a read by the same path, evidenced first in its own log', async () => {
    await onNetwork(async (network, care) => {
      const { reader, grant, texts } = await sharing(network, care);
      const before = await entriesOf(network, 'care/laboratory');
      assert.deepEqual(await readAll(reader, care, grant), texts);
      const events = (await entriesOf(network, 'care/laboratory')).slice(before.length);
      assert.deepEqual(events, ['View chart', ...texts.map(() => 'View record')]);
      const submission = submissionOf(care, 'View', viewOf(care, { log: 'care/laboratory' }));
      const refused = await submitted(reader, { ...submission, opening: care.right.grant });
      assert.ok(refused.outcome === 'acknowledged', 'the doctor may read there as well');
    });
  });

  it('releases nothing while its own log cannot be written', async () => {
    await onNetwork(async (network, care) => {
      const { reader, grant } = await sharing(network, care);
      const database = network.database('laboratory', 'logs/laboratory');
      const batch = database.batch.bind(database);
      // As the database of a folder fails, once the disk beneath it has failed.
      const failure = new MedsealError('FOLDER_UNWRITABLE', { path: 'logs' });
      database.batch = async (): Promise<never> => await Promise.reject(failure);
      await assert.rejects(readAll(reader, care, grant), failsWith('STORAGE_FAILED'));
      database.batch = batch;
    });
  });

  it('serves a record whose file has not arrived yet, from whoever has it', async () => {
    await onNetwork(async (network, care) => {
      absent(network, 'laboratory');
      const { reader, grant, texts } = await sharing(network, care);
      network.liars.coordinator.clear();
      await network.lose('laboratory', 'vault-index', 'vault');
      hospitalAs(network, { stats: unplugged, file: none });
      assert.deepEqual(await readAll(reader, care, grant), texts);
    });
  });

  it('mends a damaged file when somebody reads it, so that the next try gets it whole', async () => {
    await onNetwork(async (network, care) => {
      const { reader, grant, texts } = await sharing(network, care);
      const { contributor } = network.services('laboratory');
      const [long] = (await filesIn(contributor)).filter(({ size }) => size > 50_000);
      const name = long?.file.slice(2) ?? '';
      const place = `sealed/${name.slice(0, 2)}/${name}`;
      network.tamper('laboratory', 'vault', place, (bytes) => bytes.with(9, (bytes[9] ?? 0) ^ 1));
      await assert.rejects(readAll(reader, care, grant), failsWith('FILE_MISMATCH'));
      assert.deepEqual(await readAll(reader, care, grant), texts);
    });
  });
});

describe('a peer that serves damaged bytes', () => {
  it('is named, and the file is taken from another: when a write is judged, copied, read, repaired', async () => {
    await onNetwork(async (network, care) => {
      const real = network.services('hospital').contributor;
      const files = [...(await written(care, 1)), ...(await written(care, 1, 20_000))];
      await network.checkpoint();
      hospitalAs(network, {
        async *file(hash) {
          for await (const part of real.file(hash)) yield damaged(part);
        },
        smallFiles: async (hashes) =>
          (await real.smallFiles(hashes)).map(
            (file) => file && Buffer.from(damaged(Buffer.from(file, 'base64'))).toString('base64'),
          ),
      });
      await network.lose('laboratory', 'vault-index', 'vault');
      const { contributor } = network.services('laboratory');
      const named = () => network.failures.splice(0).map((error) => String(error));
      const told = /^MedsealError: The peer hospital gave false data/;
      const [small = '0x', large = '0x'] = files;
      const held = await contributor.hold([{ hash: small, size: 40 }], LOG);
      assert.deepEqual(held.sizes.get(small), 40);
      assert.match(named()[0] ?? '', told);
      await contributor.obtain(large);
      assert.match(named()[0] ?? '', told);
      await network.lose('laboratory', 'vault-index', 'vault');
      const repaired = await network.services('laboratory').contributor.repair();
      assert.deepEqual(repaired.files.restored, files);
      assert.equal(named().filter((text) => told.test(text)).length, 2);
    });
  });

  it('does not keep a write whose ciphertext nobody else could have from being refused', async () => {
    await onNetwork(async (network, care) => {
      const file = await uploaded(care.doctor);
      const { contributor } = network.services('hospital');
      const claims = async () => await Promise.resolve([{ hash: file.file, size: file.size }]);
      hospitalAs(network, { stats: claims, smallFiles: withNothing, file: none });
      const write = await writeOf(care, file);
      const outcome = await submitted(care.doctor, submissionOf(care, 'Write', write));
      assert.ok(outcome.outcome === 'refused' && outcome.problem.code === 'FILE_ABSENT');
      assert.equal((await contributor.read({ log: LOG, from: 0, to: 0 })).length, 0);
      network.liars.contributor.clear();
      await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
      for (const name of ['laboratory', 'insurer'] as const) {
        const there = await network.services(name).contributor.stats([file.file]);
        assert.equal(there.length, 1, 'who judged it holds it, before anything is copied');
      }
    });
  });
});

describe('leases', () => {
  it('end by themselves: what no entry names goes, what an entry names stays', async () => {
    await onNetwork(async (network, care) => {
      const orphan = await uploaded(care.doctor);
      const [file] = await written(care, 1);
      const { contributor } = network.services();
      network.clock.advance(3_500_000);
      await settled();
      assert.equal(await logNamed(contributor, [orphan.file, file ?? '0x']), 2);
      network.clock.advance(700_000);
      await settled();
      assert.deepEqual(
        (await contributor.stats([orphan.file, file ?? '0x'])).map(({ hash }) => hash),
        [file],
      );
    });
  });
});

async function entriesOf(network: TestNetwork, log: string): Promise<string[]> {
  await network.checkpoint('laboratory');
  const { contributor } = network.services('laboratory');
  const size = (await contributor.latestCheckpoint(log))?.checkpoint.size ?? 0;
  const entries = await contributor.read({ log, from: 0, to: size });
  return entries.map(({ body = '' }) => {
    const { type, message } = parseBody(body).request;
    return `${type} ${'what' in message ? message.what : 'action' in message ? message.action : ''}`;
  });
}

async function withNothing(): Promise<null[]> {
  return await Promise.resolve([null]);
}

// oxlint-disable-next-line eslint/require-yield -- it fails before the first byte
async function* none(): AsyncGenerator<Uint8Array> {
  throw new Error('unplugged');
}
