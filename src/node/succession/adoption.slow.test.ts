import assert from 'node:assert/strict';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import { makeLaterKeys, readLaterKeys } from '../../folder/organisationKeys.ts';
import { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import { pinnedFetch } from '../../peers/tls/pinnedFetch.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { presentNodes, tlsKeysOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { foundFromFiles, joinFromFiles } from '../founding/ceremony.ts';
import { writeIdentity, type IdentityFile } from '../founding/identityFiles.ts';
import { openNodeFolder, type NodeFolder, type OrganisationHome } from '../NodeFolder.ts';
import type { RunningNode } from '../openNode.ts';
import { createLogger } from '../operate/createLogger.ts';
import { runNode, type NodeProcess } from '../runNode.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { changedTerms, type NetworkWish } from './changedTerms.ts';
import { homeIn } from './homeIn.ts';
import { joinSuccession } from './joinSuccession.ts';

/** Nodes that speak TLS with each other hear of a change of all keys of one, and go on under it while they run. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const DAY = 24 * 3600;
const machine = await machinePorts();
/** Seconds by which the clock of everybody is ahead, so that delays pass. */
let ahead = 0;
const clock: Clock = {
  now: () => machine.clock.now() + 1000 * ahead,
  after: (milliseconds, run) => machine.clock.after(milliseconds, run),
};
const ports = { ...machine, clock };
const peerPorts = new Map<Organisation, number>();
const running = new Map<Organisation, NodeProcess>();
const homes = new Map<Organisation, OrganisationHome>();
const lines: Record<string, unknown>[] = [];
let root: string;
let exchange: string;
let network: NetworkFile;
let change: Successor;
let seed: Uint8Array;
const device = memoryDevice();

before(async () => {
  root = await scratchFolder();
  exchange = join(root, 'exchange');
  await mkdir(exchange);
  for (const name of ORGANISATIONS) peerPorts.set(name, await freePort());
  for (const name of ORGANISATIONS) {
    await inFolder(
      name,
      async (folder) => await writeIdentity(folder, urlOf(name), exchange, ports),
    );
  }
  network = await inFolder('hospital', async (folder) => {
    return await foundFromFiles(folder, exchange, ports, { unguarded: true });
  });
  for (const name of ['laboratory', 'insurer']) {
    await inFolder(name, async (folder) => await joinFromFiles(folder, exchange, ports));
  }
  for (const name of ORGANISATIONS) {
    await inFolder(name, async ({ homes: [home] }) => void homes.set(name, home ?? assert.fail()));
  }
  for (const name of ORGANISATIONS) await start(name);
  await Promise.all([...running.values()].map(async ({ ready }) => await ready));
});
after(async () => {
  await Promise.all([...running.values()].map(async (node) => await node.stop()));
  await rm(root, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

function urlOf(name: Organisation): string {
  return `https://127.0.0.1:${peerPorts.get(name) ?? 0}`;
}

async function inFolder<Result>(
  name: Organisation,
  work: (folder: NodeFolder) => Promise<Result>,
): Promise<Result> {
  const create = { demo: false, hosts: [name] };
  const folder = await openNodeFolder(join(root, name), { ports, create });
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}

async function start(name: Organisation): Promise<NodeProcess> {
  const configuration = parseConfiguration({
    line: new Map([
      ...['listen.port', 'operate.port', 'ledger.port'].map((key) => [key, '0'] as const),
      ['peers.port', String(peerPorts.get(name))],
      ['peers.host', '127.0.0.1'],
      ['authority.accepts', 'everyone'],
      ['stop.timeout', '5'],
    ]),
  });
  const log = createLogger({
    level: 'info',
    format: 'json',
    write: (line) =>
      void lines.push({ node: name, ...(JSON.parse(line) as Record<string, unknown>) }),
  });
  const folder = await openNodeFolder(join(root, name), { ports });
  const node = await runNode({ folder, configuration, ports, log, version: '1.2.3' });
  running.set(name, node);
  return node;
}

function at(name: Organisation): NodeProcess {
  return running.get(name) ?? assert.fail(`${name} does not run`);
}

function nodeOf(name: Organisation): RunningNode {
  return at(name).node ?? assert.fail(`${name} is not open`);
}

async function patientAt(name: Organisation, file: NetworkFile): Promise<Party> {
  const agent = httpAgent(`${at(name).urls.agents}/${name}`);
  return await openParty({ ...ports, agent, log: `care/${name}`, device, seed, network: file });
}

async function add(patient: Party, text: string): Promise<void> {
  const { handle } = await readPatientState(patient);
  const record = { handle, category: 'laboratory', content: utf8ToBytes(text), purpose: 'PATRQT' };
  await addRecord(patient, record as Parameters<typeof addRecord>[1]);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const late = Date.now() + 90_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < late, `${what} takes too long: ${JSON.stringify(lines.slice(-20))}`);
    await sleep(50);
  }
}

function signedChange(
  predecessor: NetworkFile,
  wish: NetworkWish,
  signers: readonly Organisation[],
  number = 1,
): Successor {
  const terms = changedTerms(ports.primitives, predecessor, wish);
  const made = successorOf(ports.primitives, predecessor, terms);
  const offices = officeChangesOf(predecessor, made).map((each) => {
    return { ...each, change: number, deadline: wish.from };
  });
  const keys = signers.flatMap((name) => {
    const own = homeIn(predecessor, homes.get(name) ?? assert.fail());
    return [own.keys.coordinator, own.authorityKey];
  });
  const draft = draftSuccessor(ports, predecessor, terms, { offices });
  return signSuccessor(ports, predecessor, draft, keys);
}

interface Ready {
  readonly ready: boolean;
  readonly succession?: {
    readonly number: number;
    readonly next?: { readonly number: number };
    readonly fork?: number;
  };
}

async function readyz(name: Organisation): Promise<Ready> {
  return (await (await fetch(`${at(name).urls.operate}/readyz`)).json()) as Ready;
}

describe('nodes that hear of a change and go on under it', () => {
  it('begin with a patient and a record', async () => {
    seed = ports.random(32);
    const patient = await patientAt('laboratory', network);
    await enrol(patient, { role: 'patient', organisation: 'laboratory' });
    await commitEpochs(patient, 3);
    await add(patient, 'before');
  });

  it('hear of it from the one that was given it, without a word of their operators', async () => {
    const home = homes.get('laboratory') ?? assert.fail();
    await makeLaterKeys(home.folder.files, ports, true);
    await makeLaterKeys(home.authorityFiles, ports, false);
    const made = JSON.parse(
      await readFile(join(root, 'laboratory/node/laboratory/keys-2.json'), 'utf8'),
    ) as object;
    assert.deepEqual(Object.keys(made).toSorted(), ['note', 'seat', 'sender', 'tls']);
    const fresh = await reread('laboratory');
    homes.set('laboratory', fresh);
    const { later } = fresh;
    const [coordinator, sender, tls, note, member] = [
      later.node.seats.at(-1) ?? assert.fail(),
      later.node.senders.at(-1) ?? assert.fail(),
      later.node.tls.at(-1) ?? assert.fail(),
      later.node.notes.at(-1) ?? assert.fail(),
      later.member.seats.at(-1) ?? assert.fail(),
    ];
    const keys = { ...fresh.keys, coordinator, sender, tls, note };
    const identity: IdentityFile = {
      format: 'medseal-identity/1',
      ...identityOf('laboratory', keys, member, true),
      url: urlOf('laboratory'),
    };
    const from = seconds(clock) + 3 * DAY + 600;
    const wish = { from, identities: [identity], newKeys: ['laboratory'] };
    change = signedChange(network, wish, ['hospital', 'insurer']);
    await httpAgent(`${at('insurer').urls.agents}/insurer`).succeed(change);
    await until('hearing', async () => {
      const states = await Promise.all(ORGANISATIONS.map(readyz));
      return states.every(({ succession }) => succession?.next?.number === 1);
    });
    const { succession } = await readyz('hospital');
    assert.deepEqual(succession, {
      number: 0,
      next: { number: 1, from },
      refused: {},
    });
  });

  it('go on under it at its moment, with all keys of one changed, and lose nothing that was acknowledged', async () => {
    const texts = ['before'];
    const done = new AbortController();
    const refusals = new Set<string>();
    ahead += change.from - seconds(clock) - 3;
    const writing = (async () => {
      for (let place = 0; !done.signal.aborted; place += 1) {
        try {
          const { file } = nodeOf('hospital');
          const own = await patientAt('hospital', file);
          await add(own, `record ${place}`);
          texts.push(`record ${place}`);
        } catch (error) {
          // One that asks a node that is not open.
          refusals.add(toMedsealError(error).code);
          await sleep(20);
        }
      }
    })();
    await until('adoption', async () => {
      const states = await Promise.all(ORGANISATIONS.map(readyz));
      return states.every(({ ready, succession }) => ready && succession?.number === 1);
    });
    const before = texts.length;
    await until('writing', async () => await Promise.resolve(texts.length > before + 3));
    done.abort();
    await writing;
    assert.ok(!refusals.has('CLOSED'), 'requests wait while a node changes');
    const changed = lines.filter(({ event }) => event === 'network file changed');
    assert.equal(changed.length, 3);
    const own = await patientAt('laboratory', nodeOf('laboratory').file);
    const { handle } = await readPatientState(own);
    const chart = await readChart(own, { handle, purpose: 'PATRQT' });
    assert.ok(chart.records.length >= texts.length, `${chart.records.length} of ${texts.length}`);
  });

  it('have the new account enrolled, and send from it', async () => {
    const { file, organisations } = nodeOf('laboratory');
    const own = presentNodes(file).find(({ organisation }) => organisation === 'laboratory');
    const { index } = organisations.get('laboratory') ?? assert.fail();
    await index.refresh();
    assert.notEqual(own?.sender, accountBefore());
    assert.notEqual(index.party(own?.sender ?? '0x'), undefined);
    assert.equal(organisations.get('laboratory')?.sender.address, own?.sender);
    const patient = await patientAt('laboratory', file);
    await commitEpochs(patient, 3);
  });

  // @actor a thief of a former TLS key | to go on as the organisation
  it('answer the former key for TLS with the successors, and with nothing else', async () => {
    const { tls = assert.fail() } = homes.get('laboratory')?.keys ?? {};
    const keys = tlsKeysOf(nodeOf('hospital').file) ?? assert.fail();
    const fetch = pinnedFetch(new TlsIdentity('laboratory', tls, keys), 'hospital');
    const given = await fetch(`${urlOf('hospital')}/peer/v1/successors?from=1`);
    assert.deepEqual(((await given.json()) as { successors: unknown }).successors, [change]);
    const call = { method: 'POST', body: '"0x"', headers: { authorization: 'Peer e30' } };
    const refused = await fetch(`${urlOf('hospital')}/peer/v1/contributor/stats`, call);
    assert.equal(((await refused.json()) as { code: string }).code, 'PEER_UNAUTHENTIC');
    const stranger = new TlsIdentity('laboratory', ports.random(32), keys);
    await assert.rejects(
      pinnedFetch(stranger, 'hospital')(`${urlOf('hospital')}/peer/v1/successors?from=1`),
    );
  });

  it('bring up to it one that was away, which begins with the old file and the old keys', async () => {
    await at('insurer').stop();
    await rm(join(root, 'insurer', 'successors.json'));
    const node = await start('insurer');
    await node.ready;
    await until('catching up', async () => (await readyz('insurer')).succession?.number === 1);
    const patient = await patientAt('insurer', nodeOf('insurer').file);
    await readChart(patient, {
      handle: (await readPatientState(patient)).handle,
      purpose: 'PATRQT',
    });
  });

  it('have the account of before suspended, an hour after the change and not earlier', async () => {
    const { index } = nodeOf('hospital').organisations.get('hospital') ?? assert.fail();
    const former = accountBefore();
    await index.refresh();
    assert.equal(index.party(former)?.suspended, false);
    ahead += 3600;
    await until('the suspension', async () => {
      await index.refresh();
      return index.party(former)?.suspended === true;
    });
    for (const { sender } of presentNodes(nodeOf('hospital').file)) {
      assert.equal(index.party(sender)?.suspended, false);
    }
    await add(await patientAt('laboratory', nodeOf('laboratory').file), 'after the suspension');
  });

  it('take in again one that lost its folder, with other keys, and it gives back its log', async () => {
    const { logs } = nodeOf('insurer').organisations.get('insurer') ?? assert.fail();
    const { size = 0 } = logs.get('care/insurer') ?? {};
    assert.ok(size > 0);
    await at('insurer').stop();
    await rm(join(root, 'insurer'), { recursive: true });
    const identity = await inFolder('insurer', async (folder) => {
      homes.set('insurer', folder.homes[0] ?? assert.fail());
      const name = await writeIdentity(folder, urlOf('insurer'), exchange, ports);
      return JSON.parse(await readFile(join(exchange, name), 'utf8')) as IdentityFile;
    });
    const from = seconds(clock) + 3 * DAY + 600;
    const { file } = nodeOf('hospital');
    const wish = { from, identities: [identity], newKeys: ['insurer'] };
    const again = signedChange(file, wish, ['hospital', 'laboratory'], 2);
    await httpAgent(`${at('hospital').urls.agents}/hospital`).succeed(again);
    ahead += 3 * DAY + 700;
    await until('the others', async () => (await readyz('hospital')).succession?.number === 2);
    const successors = { format: 'medseal-successors/1', successors: [change, again] };
    await inFolder('insurer', async (folder) => {
      await joinSuccession(folder, { network, successors }, ports);
    });
    const node = await start('insurer');
    await until('taking back', async () => {
      // The time in which verdicts that it forgot may bind, and in which others may show that its node still runs.
      ahead += 5;
      return await Promise.resolve(
        node.node?.organisations.get('insurer')?.rejoining.done === true,
      );
    });
    await node.ready;
    const taken = nodeOf('insurer').organisations.get('insurer')?.logs.get('care/insurer');
    assert.equal(taken?.size, size);
    const patient = await patientAt('insurer', nodeOf('insurer').file);
    await add(patient, 'after everything was lost');
    assert.ok((taken?.size ?? 0) > size);
    assert.equal((await readyz('insurer')).ready, true);
  });

  it('stop adopting at a fork, say so, and go on with the file that they have', async () => {
    const { file } = nodeOf('hospital');
    // So far ahead that both changes are heard of before, however slow the machine is.
    const from = seconds(clock) + 600;
    const views = { thresholds: { views: 3 } };
    const one = signedChange(file, { ...views, from }, ['hospital', 'laboratory']);
    const other = signedChange(file, { from: from + 1 }, ['hospital', 'insurer']);
    await httpAgent(`${at('insurer').urls.agents}/insurer`).succeed(one);
    await assert.rejects(httpAgent(`${at('insurer').urls.agents}/insurer`).succeed(other));
    assert.equal((await readyz('insurer')).succession?.fork, 3);
    ahead += 700;
    await until('the others', async () => (await readyz('hospital')).succession?.number === 3);
    assert.equal((await readyz('insurer')).succession?.number, 2);
    const given = await httpAgent(`${at('insurer').urls.agents}/insurer`).successors();
    assert.equal(given.fork?.successors.length, 2);
    await at('insurer').stop();
    await (
      await start('insurer')
    ).ready;
    assert.deepEqual((await readyz('insurer')).succession?.number, 2);
  });
});

/** The laboratory's account in the first network file. */
function accountBefore(): Address {
  const node = network.founders?.find(({ organisation }) => organisation === 'laboratory');
  return node?.sender ?? assert.fail();
}

/** The keys of a folder whose node runs. */
async function reread(name: Organisation): Promise<OrganisationHome> {
  const home = homes.get(name) ?? assert.fail();
  const later = {
    node: await readLaterKeys(home.folder.files, ports),
    member: await readLaterKeys(home.authorityFiles, ports),
  };
  return { ...home, later };
}
