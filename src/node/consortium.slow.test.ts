import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../client/records/addRecord.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { enrol } from '../client/party/enrol.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { readRecord } from '../client/records/readRecord.ts';
import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import type { MedsealError } from '../errors/MedsealError.ts';
import { ledgerApp } from '../http/ledgerApp.ts';
import { listen } from '../http/listen.ts';
import { LedgerRejection } from '../ledger/LedgerRejection.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { CATEGORIES, type Role } from '../protocol/vocabulary.ts';
import { backUp } from '../backup/backUp.ts';
import { folderTarget } from '../backup/folderTarget.ts';
import { openBackup } from '../backup/openBackup.ts';
import { restoreBackup } from '../backup/restoreBackup.ts';
import { foundFromFiles, joinFromFiles, readNodes } from './founding/ceremony.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { TrialNodes } from './test/TrialNodes.ts';
import { scratchFolder } from './test/scratchFolder.ts';

/** A network of three nodes that share nothing but what goes over HTTP, each in a folder of its own. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const UNGUARDED = { unguarded: true } as const;
const ports = await machinePorts();
let root: string;
let nodes: TrialNodes;
let network: NetworkFile;

before(async () => {
  root = await scratchFolder();
  nodes = new TrialNodes(root, ports);
  await mkdir(nodes.exchange);
  await nodes.listen(ORGANISATIONS);
});
after(async () => {
  await nodes.close();
  await rm(root, { recursive: true });
});

async function party(role: Role, organisation: Organisation): Promise<Party> {
  const agent = nodes.agentOf(organisation);
  const opened = await openParty({
    ...ports,
    seed: ports.random(32),
    network,
    agent,
    log: `care/${organisation}`,
    device: memoryDevice(),
  });
  await enrol(opened, { role, organisation });
  return opened;
}

async function add(author: Party, patient: Party, text: string): ReturnType<typeof addRecord> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const purpose = author === patient ? 'PATRQT' : 'TREAT';
  return await addRecord(author, { handle, category: 'laboratory', content, purpose });
}

function progress(): void {
  return undefined;
}

async function texts(patient: Party): Promise<string[]> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const found: string[] = [];
  for (const record of chart.records) {
    found.push(bytesToUtf8((await readRecord(patient, chart, record)).content));
  }
  return found.toSorted();
}

describe('three organisations that each keep their keys to themselves', () => {
  it('found a network by the files that they exchange', async () => {
    for (const name of ORGANISATIONS) {
      await nodes.inFolder(name, async (folder) => await nodes.identify(folder));
    }
    const laboratory = await nodes.folder('laboratory');
    const early = joinFromFiles(laboratory, nodes.exchange, ports);
    await assert.rejects(early, failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    const hospital = await nodes.folder('hospital');
    network = await foundFromFiles(hospital, nodes.exchange, ports, UNGUARDED);
    assert.deepEqual(await foundFromFiles(hospital, nodes.exchange, ports, UNGUARDED), network);
    await hospital.close();
    assert.deepEqual(await joinFromFiles(laboratory, nodes.exchange, ports), network);
    assert.deepEqual(await joinFromFiles(laboratory, nodes.exchange, ports), network);
    assert.equal(network.demo, false);
    const addresses = await readNodes(laboratory.files);
    assert.equal(addresses.get('insurer'), 'http://insurer.example');
    await laboratory.close();
    const insurer = await nodes.folder('insurer');
    await joinFromFiles(insurer, nodes.exchange, ports);
    await insurer.close();
  });

  it('have their accounts enrolled by each other, in whatever order they start', async () => {
    // The insurer waits for the ledger, which is the hospital's.
    const insurer = nodes.start('insurer');
    const hospital = await nodes.start('hospital');
    const alone = hospital.settle();
    await assert.rejects(alone, failsWith('CLOSED'));
    await nodes.start('laboratory');
    await insurer;
    for (const name of ORGANISATIONS) await nodes.at(name).settle();
    for (const name of ORGANISATIONS) await nodes.at(name).settle();
  });

  it('keep one record between them: judged by two, written at one, read at another', async () => {
    const patient = await party('patient', 'hospital');
    await commitEpochs(patient, 3);
    const lab = await party('lab', 'laboratory');
    await grantRight(patient, {
      grantee: lab.address,
      categories: CATEGORIES,
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      until: Math.floor(Date.now() / 1000) + 3600,
    });
    await add(patient, patient, 'what the patient says');
    assert.deepEqual(await texts(patient), ['what the patient says']);
  });

  it('catches up, if one was away, on what the others did', async () => {
    const patient = await party('patient', 'hospital');
    await commitEpochs(patient, 3);
    await nodes.stop('laboratory');
    const { acknowledgement } = await add(patient, patient, 'while it was away');
    await fetchReceipt(patient, acknowledgement);
    const laboratory = await nodes.start('laboratory');
    await laboratory.settle();
    const copies = laboratory.organisations.get('laboratory')?.contributor;
    assert.ok(copies !== undefined);
    const latest = await copies.latestCheckpoint('care/hospital');
    assert.ok((latest?.checkpoint.size ?? 0) > acknowledgement.index);
    await copies.filesTried();
  });

  it('go on after the one with the ledger was away', async () => {
    const patient = await party('patient', 'insurer');
    await commitEpochs(patient, 2);
    await nodes.stop('hospital');
    const refused = add(patient, patient, 'without a ledger');
    await assert.rejects(refused, (error: { code?: string }) =>
      ['LEDGER_UNREACHABLE', 'CLOSED', 'VERDICTS_MISSING'].includes(error.code ?? ''),
    );
    const hospital = await nodes.start('hospital');
    await hospital.settle();
    const { acknowledgement } = await add(patient, patient, 'with a ledger');
    await fetchReceipt(patient, acknowledgement);
    assert.deepEqual(await texts(patient), ['with a ledger']);
  });

  it('stop one in a few seconds whose ledger takes what it sends and makes no block of it', async (t) => {
    await nodes.stop('laboratory');
    let stands = false;
    const took = Promise.withResolvers<void>();
    const ledger = await listen(
      ledgerApp({
        async request(call) {
          if (stands && call.method.startsWith('eth_sendRawTransaction')) {
            took.resolve();
            throw new LedgerRejection(4, 'it is in no block yet');
          }
          return await nodes.at('hospital').provider.request(call);
        },
      }),
      0,
    );
    t.after(async () => await ledger.close());
    await nodes.start('laboratory', ledger.url);
    await nodes.at('laboratory').settle();
    const patient = await party('patient', 'laboratory');
    await commitEpochs(patient, 2);
    stands = true;
    const { acknowledgement } = await add(patient, patient, 'a ledger that stands still');
    // Its checkpoint.
    await took.promise;
    const begun = performance.now();
    await nodes.stop('laboratory');
    assert.ok(performance.now() - begun < 30_000);
    stands = false;
    await nodes.start('laboratory', ledger.url);
    await nodes.at('laboratory').settle();
    await fetchReceipt({ ...patient, agent: nodes.agentOf('laboratory') }, acknowledgement);
    await nodes.stop('laboratory');
    await nodes.start('laboratory');
  });

  it('bring one back from an old backup, which serves nobody until it has what it missed', async () => {
    const patient = await party('patient', 'laboratory');
    await commitEpochs(patient, 3);
    await add(patient, patient, 'before the backup');
    const folder = join(root, 'laboratory');
    const backup = join(root, 'backup of the laboratory');
    const made = await backUp({
      data: folder,
      target: await folderTarget(backup),
      ports,
      progress,
    });
    assert.ok(made.paused !== undefined);
    const after = await add(patient, patient, 'after the backup');
    await fetchReceipt(patient, after.acknowledgement);
    await nodes.stop('laboratory');
    await rm(folder, { recursive: true });
    const source = await openBackup(backup);
    await restoreBackup({ source, from: backup, data: folder, ports, progress });

    let ahead = 0;
    const clock = { ...ports.clock, now: () => ports.clock.now() + ahead };
    const again = await nodes.start('laboratory', undefined, clock);
    const back = (): Party => {
      const agent = nodes.agentOf('laboratory');
      return { ...patient, agent };
    };
    await assert.rejects(add(back(), back(), 'too early'), failsWith('NODE_BEHIND'));
    await assert.rejects(again.settle(), (error: MedsealError) => {
      return error.code === 'NODE_BEHIND' && /whether the node .* still runs/.test(error.message);
    });
    ahead = 10_000;
    await again.settle();
    ahead = 0;
    assert.ok((await stat(join(folder, 'restored.json'))).size > 0, 'it gives no verdicts yet');
    const { log, index } = after.acknowledgement;
    const own = nodes.at('laboratory').organisations.get('laboratory')?.logs.get(log);
    assert.deepEqual(await own?.read({ from: index, to: index + 1 }), [after.acknowledgement]);
    await add(back(), back(), 'afterwards');
    assert.deepEqual(await texts(back()), ['after the backup', 'afterwards', 'before the backup']);
    ahead = 70_000;
    await again.settle();
    await assert.rejects(stat(join(folder, 'restored.json')));
  });

  // @attack a folder is rolled back by a copy, and nothing in it says so | a start asks others for what its own keys signed
  it('bring one back whose folder was put in place of a newer one, though nothing in it says so', async () => {
    const patient = await party('patient', 'laboratory');
    await commitEpochs(patient, 3);
    const folder = join(root, 'laboratory');
    const copy = join(root, 'copy of the laboratory');
    await nodes.stop('laboratory');
    await cp(folder, copy, { recursive: true });
    await (await nodes.start('laboratory')).settle();
    const here = (): Party => {
      const agent = nodes.agentOf('laboratory');
      return { ...patient, agent };
    };
    const { acknowledgement } = await add(here(), here(), 'after the copy');
    await nodes.stop('laboratory');
    await rm(folder, { recursive: true });
    await cp(copy, folder, { recursive: true });

    let ahead = 0;
    const clock = { ...ports.clock, now: () => ports.clock.now() + ahead };
    for (const what of [/others prove that its folder was rolled back/, /has not asked yet/]) {
      const { organisations } = await nodes.start('laboratory', undefined, clock);
      const { rejoining } = organisations.get('laboratory') ?? assert.fail();
      assert.match(rejoining.failure.message, what);
      await assert.rejects(add(here(), here(), 'too early'), failsWith('NODE_BEHIND'));
      assert.ok((await stat(join(folder, 'restored.json'))).size > 0, 'a restart knows it too');
      if (what.source.includes('others')) await nodes.stop('laboratory');
    }
    const node = nodes.at('laboratory');
    await assert.rejects(node.settle(), failsWith('NODE_BEHIND'));
    ahead = 10_000;
    await node.settle();
    ahead = 0;
    const { log, index } = acknowledgement;
    const own = node.organisations.get('laboratory')?.logs.get(log);
    assert.deepEqual(await own?.read({ from: index, to: index + 1 }), [acknowledgement]);
    const next = await add(here(), here(), 'afterwards');
    assert.equal(next.acknowledgement.index, index + 1);
    ahead = 70_000;
    await node.settle();
    await assert.rejects(stat(join(folder, 'restored.json')));
  });

  it('leave nothing of another’s secrets in a folder', async () => {
    const files = await readFile(join(nodes.exchange, 'hospital.identity.json'), 'utf8');
    const { coordinator } = JSON.parse(
      await readFile(join(root, 'hospital/node/hospital/keys.json'), 'utf8'),
    ) as { coordinator: string };
    assert.ok(!files.includes(coordinator.slice(2)));
  });
});
