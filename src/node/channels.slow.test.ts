// Over 400 lines: one founding of two channels, and all that one must not learn of the other.

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../bindings/encodeBatch.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import { evidenceOfRefusal, submitSigned } from '../client/agent/submit.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { enrol } from '../client/party/enrol.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { signVersion } from '../client/records/logVersion.ts';
import { readChart } from '../client/records/readChart.ts';
import { sealVersion } from '../client/records/sealVersion.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { readPatientState, type PatientState } from '../client/state/PatientState.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { openFolder } from '../folder/openFolder.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import {
  makeLaterKeys,
  openAuthorityKey,
  openOrganisationKeys,
} from '../folder/organisationKeys.ts';
import { identityOf } from '../folder/OrganisationIdentity.ts';
import { signPeerCall } from '../peers/peerCall.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';
import { domainOf } from '../protocol/domainOf.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import type { Receipt } from '../protocol/evidence.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { officeChangesOf } from '../protocol/officeChangesOf.ts';
import { parseBody } from '../protocol/parseBody.ts';
import { draftSuccessor, signSuccessor } from '../protocol/signSuccessor.ts';
import type { Write } from '../protocol/requests.ts';
import { sign } from '../protocol/signing.ts';
import { successorOf } from '../protocol/successorOf.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { verifyReceipt } from '../protocol/verifyReceipt.ts';
import type { Category, Role } from '../protocol/vocabulary.ts';
import { admitAccount } from './founding/admissions.ts';
import { foundFromFiles, joinFromFiles } from './founding/ceremony.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import { changedTerms } from './succession/changedTerms.ts';
import { homeIn } from './succession/homeIn.ts';
import { TrialNodes } from './test/TrialNodes.ts';
import { NeedleScanner, type Found } from './test/privacy/NeedleScanner.ts';
import { needlesOf } from './test/privacy/needlesOf.ts';
import { piecesUnder } from './test/privacy/piecesUnder.ts';
import { scratchFolder } from './test/scratchFolder.ts';

/** A network of three, and a channel of two of them on its ledger: what the third learns, and what one can do in the other. */

const ALL = ['hospital', 'laboratory', 'insurer'] as const;
const INSIDE = ['hospital', 'laboratory'] as const;
const DAY = 24 * 3600;
const SECRET = 'Takes part in the trial of a new medicine';
const machine = await machinePorts();
/** Seconds by which the clock of everybody is ahead, so that delays pass. */
let ahead = 0;
const clock: Clock = {
  now: () => machine.clock.now() + 1000 * ahead,
  after: (milliseconds, run) => machine.clock.after(milliseconds, run),
};
const ports = { ...machine, clock };
const { primitives } = ports;
let root: string;
let care: TrialNodes;
let research: TrialNodes;
let network: NetworkFile;
let channel: NetworkFile;
/** JSON-RPC of the ledger on the machine of each organisation in the channel. */
const ledgers = new Map<Organisation, string>();

before(async () => {
  root = await scratchFolder();
  care = new TrialNodes(join(root, 'care'), ports);
  research = new TrialNodes(join(root, 'research'), ports);
  await care.listen(ALL);
  await research.listen(INSIDE);
  network = await care.found(ALL);
  await mkdir(research.exchange, { recursive: true });
  for (const name of INSIDE) {
    await research.inFolder(name, async (folder) => await research.identify(folder));
  }
  await care.startAll(ALL);
  for (const name of INSIDE) ledgers.set(name, await care.serveLedger(name));
});
after(async () => {
  await research.close();
  await care.close();
  await rm(root, { recursive: true });
});

async function foundChannel(on: NetworkFile | undefined, name = 'research'): Promise<NetworkFile> {
  return await research.inFolder('hospital', async (folder) => {
    return await foundFromFiles(folder, research.exchange, ports, {
      on,
      channel: name,
      categories: ['laboratory', 'vitals'],
      thresholds: { writes: 2, views: 2 },
      longestRight: 90 * DAY,
    });
  });
}

async function joinChannel(on: NetworkFile | undefined): Promise<NetworkFile> {
  return await research.inFolder('laboratory', async (folder) => {
    return await joinFromFiles(folder, research.exchange, ports, { on });
  });
}

/** As the operator of an organisation's member of the first network's authority does. */
async function admit(at: Organisation, accounts = channel.founders ?? []): Promise<void> {
  const files = await openFolder(`${care.path(at)}/authority/${at}`);
  for (const { organisation, sender: account } of accounts) {
    await admitAccount(files, { organisation, account });
  }
}

/** Tells which of the channel's accounts the first network's Registry has. */
async function admitted(): Promise<readonly boolean[]> {
  const { index } = care.at('hospital').organisations.get('hospital') ?? assert.fail();
  await index.refresh();
  return (channel.founders ?? []).map(({ sender }) => index.party(sender) !== undefined);
}

async function open(
  nodes: TrialNodes,
  name: Organisation,
  seed = ports.random(32),
): Promise<Party> {
  const { file } = nodes.at(name);
  const log = `${file.channels[0]?.name}/${name}`;
  const place = { agent: nodes.agentOf(name), log, device: memoryDevice() };
  return await openParty({ ...ports, ...place, seed, network: file });
}

async function enrolled(nodes: TrialNodes, name: Organisation, role: Role): Promise<Party> {
  const party = await open(nodes, name);
  await enrol(party, { role, organisation: name });
  if (role === 'patient') await commitEpochs(party, 3);
  return party;
}

async function add(
  patient: Party,
  text: string,
  category: Category = 'laboratory',
): Promise<Receipt> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  const { acknowledgement } = await addRecord(patient, {
    handle,
    category,
    content,
    purpose: 'PATRQT',
  });
  return await fetchReceipt(patient, acknowledgement);
}

/** Has the first network's authority suspend an account. */
async function suspend(party: Address): Promise<void> {
  const message = { party, suspended: true, change: 1, deadline: seconds(clock) + 300 };
  const keys = await Promise.all(
    ALL.map(async (name) => {
      const files = await openFolder(`${care.path(name)}/authority/${name}`);
      return await openAuthorityKey(files, { ...ports, guard: plainKeys });
    }),
  );
  const signatures = keys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map(
      (key) =>
        sign({ domain: domainOf(network), primitives }, key, 'Suspension', message).signature,
    );
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  const { sender } = care.at('hospital').organisations.get('hospital') ?? assert.fail();
  await sender.send({ to: network.contracts.registry, data });
}

/** The account of an organisation, as a network file names it. */
function accountOf({ founders }: NetworkFile, name: Organisation): Address {
  return founders?.find(({ organisation }) => organisation === name)?.sender ?? assert.fail();
}

/** Sends a transaction that does nothing from an organisation's account of the channel. */
async function trySend(name: Organisation): Promise<void> {
  const { sender } = research.at(name).organisations.get(name) ?? assert.fail();
  await sender.send({ to: sender.address, data: '0x00' });
}

/** Places under folders in which one of some texts lies in any way. */
async function placesOf(texts: Iterable<string>, ...folders: readonly string[]): Promise<Found[]> {
  const scanner = new NeedleScanner([...texts].flatMap((text) => needlesOf(primitives, text)));
  const hexed = new NeedleScanner(
    [...texts]
      .filter((text) => /^0x[0-9a-f]{32,}$/.test(text))
      .map((text) => ({ text, encoding: 'bytes', bytes: hexToBytes(text) })),
  );
  const found: Found[] = [];
  for (const folder of folders) {
    for await (const { where, bytes } of piecesUnder(folder)) {
      found.push(...scanner.scan(where, bytes), ...hexed.scan(where, bytes));
    }
  }
  return found;
}

describe('a further channel on a network’s ledger', () => {
  let patient: Party;
  let inCare: Party;
  let state: PatientState;
  let careState: PatientState;
  let receipt: Receipt;
  let careReceipt: Receipt;

  it('is founded by files, of two of three, with terms of its own, bound to the first network', async () => {
    for (const other of [undefined, { ...network, demo: true }]) {
      await assert.rejects(foundChannel(other));
    }
    await assert.rejects(foundChannel(network, 'care'), failsWith('CEREMONY_INVALID'));
    channel = await foundChannel(network);
    assert.deepEqual(await foundChannel(network), channel);
    await assert.rejects(joinChannel(undefined), failsWith('CEREMONY_INVALID'));
    const otherRegistry = { ...network.contracts, registry: network.contracts.consent };
    await assert.rejects(
      joinChannel({ ...network, contracts: otherRegistry }),
      failsWith('CEREMONY_INVALID'),
    );
    assert.deepEqual(await joinChannel(network), channel);

    assert.notEqual(channel.networkId, network.networkId);
    assert.equal(channel.ledger.genesis, network.ledger.genesis);
    assert.equal(channel.ledger.of?.registry, network.contracts.registry);
    const [terms = assert.fail()] = channel.channels;
    assert.deepEqual(terms.categories, ['laboratory', 'vitals']);
    assert.deepEqual(terms.thresholds, { writes: 2, views: 2 });
    const shared = [...JSON.stringify(channel).matchAll(/0x[0-9a-f]{40,}/g)]
      .map(([value]) => value)
      .filter((value) => JSON.stringify(network).includes(value));
    const common = new Set([network.ledger.genesis, network.contracts.registry]);
    assert.deepEqual(new Set(shared), common);
  });

  it('begins once a quorum of the first network’s authority admitted its accounts, and not by one', async () => {
    const starting = INSIDE.map(async (name) => await research.start(name, ledgers.get(name)));
    const waits = await research.waitsFor('NOT_YET');
    assert.match(waits.message, /admission of the account 0x|contract that was created last/);
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [false, false]);
    await admit('hospital');
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [false, false]);
    // An organisation that was never told of the channel may sign too.
    await admit('insurer');
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [true, true]);
    await Promise.all(starting);
    for (const _ of [1, 2]) {
      for (const name of INSIDE)
        await research
          .at(name)
          .settle()
          .catch(() => undefined);
    }
    for (const name of INSIDE) await research.at(name).settle();
  });

  it('has a patient of both with two keys, two IDs and two handles', async () => {
    inCare = await enrolled(care, 'hospital', 'patient');
    careReceipt = await add(inCare, 'Seen at the hospital', 'other');
    patient = await enrolled(research, 'hospital', 'patient');
    receipt = await add(patient, SECRET);
    state = await readPatientState(patient);
    careState = await readPatientState(inCare);
    assert.notEqual(state.handle, careState.handle);
    assert.notEqual(state.patientId, careState.patientId);
    assert.notEqual(state.salt, careState.salt);
    assert.notEqual(patient.address, inCare.address);
    const chart = await readChart(patient, { handle: state.handle, purpose: 'PATRQT' });
    assert.equal(chart.records.length, 1);
  });

  it('verifies receipts offline with its own file alone', () => {
    const inside = { domain: domainOf(channel), primitives };
    verifyReceipt(inside, channel, receipt, { strict: true });
    const outside = { domain: domainOf(network), primitives };
    verifyReceipt(outside, network, careReceipt, { strict: true });
    for (const [file, other] of [
      [network, receipt],
      [channel, careReceipt],
    ] as const) {
      const context = { domain: domainOf(file), primitives };
      assert.throws(() => verifyReceipt(context, file, other, { strict: true }));
    }
  });

  it('takes no record of another category, whoever writes it, and says so in its log', async () => {
    const { handle } = state;
    const version = { handle, content: utf8ToBytes('bill'), purpose: 'PATRQT' } as const;
    const refused = addRecord(patient, { ...version, category: 'billing' });
    const excluded = failsWith('CATEGORY_EXCLUDED', { category: 'billing', channel: 'research' });
    await assert.rejects(refused, excluded);
    // As a client does that does not look first.
    const record = bytesToHex(ports.random(32));
    const sealed = await sealVersion(patient, record, { ...version, category: 'vitals' });
    const { submission } = signVersion(patient, { ...sealed, category: 'billing' });
    const error: unknown = await submitSigned(patient, submission).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(excluded(error));
    const entry = evidenceOfRefusal(error) ?? assert.fail('the refusal has no entry');
    const body = parseBody(entry.body);
    assert.deepEqual([body.flag, body.code], ['R', 'CATEGORY_EXCLUDED']);
    assert.equal((body.request.message as Write).category, 'billing');
    const again: unknown = await submitSigned(patient, submission).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(excluded(again));
  });

  it('refuses in one channel what was signed for the other', async () => {
    const { handle } = state;
    const version = { handle, content: utf8ToBytes('x'), purpose: 'PATRQT' } as const;
    const record = bytesToHex(ports.random(32));
    const sealed = await sealVersion(patient, record, { ...version, category: 'vitals' });
    const { submission } = signVersion(patient, sealed);
    const careLog = { ...submission.request.message, log: 'care/hospital' };
    const replays: Submission[] = [
      submission,
      { ...submission, request: { ...submission.request, message: careLog } },
    ];
    for (const replay of replays) {
      const [outcome] = await care.agentOf('hospital').submit([replay]);
      assert.equal(outcome?.outcome, 'refused');
      const { problem } = outcome as { problem: { code: string } };
      assert.match(problem.code, /^(?:LOG_WRONG|PARTY_UNKNOWN)$/);
    }
    // A party of both keys would not do either: the signature is for one network.
    const seed = ports.random(32);
    const both = await open(care, 'hospital', seed);
    await enrol(both, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(both, 2);
    const twin = await open(research, 'hospital', seed);
    await enrol(twin, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(twin, 2);
    const grant = {
      grantee: patient.address,
      categories: ['laboratory'],
      actions: ['read'],
      purpose: 'TREAT',
      until: seconds(clock) + DAY,
    } as const;
    let signed: Submission | undefined;
    const agent: Party['agent'] = {
      ...twin.agent,
      async submit(submissions) {
        signed ??= submissions.find(({ request }) => request.type === 'Grant');
        return await twin.agent.submit(submissions);
      },
    };
    await grantRight({ ...twin, agent }, grant);
    const [placed] = await care.agentOf('hospital').submit([signed ?? assert.fail()]);
    assert.equal(placed?.outcome, 'refused');
    const { problem } = placed as { problem: { code: string } };
    assert.match(problem.code, /^(?:SIGNATURE_INVALID|RULE_REFUSED|NOT_FOUND|RIGHT_MISSING)$/);
  });

  it('answers nothing to an organisation that is not in it, by a typed refusal', async () => {
    // Its coordinator's own key.
    const folder = await openFolder(`${care.path('insurer')}/node/insurer`);
    const keys = await openOrganisationKeys(folder, { ...ports, guard: plainKeys });
    const body = JSON.stringify('research/hospital');
    const path = '/peer/v1/contributor/latestCheckpoint';
    for (const [file, receiver] of [
      [network, 'hospital'],
      [channel, 'hospital'],
      [channel, 'laboratory'],
    ] as const) {
      const authorization = signPeerCall(
        { ...ports, domain: domainOf(file), key: keys.coordinator },
        { caller: 'insurer', receiver, method: 'POST', path, content: utf8ToBytes(body) },
      );
      const headers = { authorization, 'content-type': 'application/json' };
      const url = `${research.url(receiver)}${path}`;
      const answer = await fetch(url, { method: 'POST', headers, body });
      assert.equal(answer.status, 401);
      assert.equal(((await answer.json()) as { code: string }).code, 'PEER_UNAUTHENTIC');
    }
    // Nor do the same organisations' nodes of the first network, which know no such log.
    for (const name of INSIDE) {
      const agent = care.agentOf(name);
      await assert.rejects(agent.checkpoint('research/hospital'), failsWith('NOT_FOUND'));
      const { log } = receipt.acknowledgement;
      await assert.rejects(agent.receipt({ log, index: 0 }), failsWith('NOT_FOUND'));
    }
  });

  it('gives a doctor of the first network nothing, and does not enrol one of an organisation outside', async () => {
    const doctor = await enrolled(care, 'insurer', 'insurer');
    const seen = openParty({
      ...ports,
      seed: ports.random(32),
      network,
      agent: research.agentOf('hospital'),
      log: 'care/hospital',
      device: memoryDevice(),
    });
    await assert.rejects(seen, failsWith('NETWORK_FILE_OTHER'));
    const stranger = await open(research, 'hospital');
    const { handle } = state;
    await assert.rejects(
      readChart(stranger, { handle, purpose: 'TREAT' }),
      failsWith('PARTY_UNKNOWN'),
    );
    await assert.rejects(enrol(stranger, { role: 'insurer', organisation: 'insurer' }));
    await assert.rejects(
      readChart(doctor, { handle: careState.handle, purpose: 'TREAT' }),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('changes an office and its categories by a successor, and the first network stays as it is', async () => {
    await research.stopAll();
    await research.inFolder('laboratory', async ({ homes: [home] }) => {
      await makeLaterKeys((home ?? assert.fail()).folder.files, ports, false);
    });
    const homes = new Map<Organisation, OrganisationHome>();
    for (const name of INSIDE) {
      await research.inFolder(name, async ({ homes: [home] }) => {
        homes.set(name, home ?? assert.fail());
        await Promise.resolve();
      });
    }
    const laboratory = homes.get('laboratory') ?? assert.fail();
    const coordinator = laboratory.later.node.seats.at(-1) ?? assert.fail();
    const own = { ...laboratory.keys, coordinator };
    const identity = identityOf('laboratory', own, laboratory.authorityKey, false);
    const from = seconds(clock) + 3 * DAY + 600;
    const terms = changedTerms(primitives, channel, {
      from,
      categories: ['laboratory', 'vitals', 'imaging'],
      identities: [{ format: 'medseal-identity/1', ...identity, url: 'http://laboratory.example' }],
    });
    const offices = officeChangesOf(channel, successorOf(primitives, channel, terms)).map(
      (each) => ({ ...each, change: 1, deadline: seconds(clock) + DAY }),
    );
    assert.equal(offices.length, 1);
    let successor = draftSuccessor(ports, channel, terms, { offices });
    const signAt = (name: Organisation): void => {
      const { keys, authorityKey } = homeIn(channel, homes.get(name) ?? assert.fail());
      successor = signSuccessor(ports, channel, successor, [keys.coordinator, authorityKey]);
    };
    signAt('hospital');
    await research.startAll(INSIDE, ledgers);
    const few = research.agentOf('hospital').succeed(successor);
    await assert.rejects(few, failsWith('SUCCESSOR_INVALID'));
    signAt('laboratory');
    for (const name of INSIDE) await research.agentOf(name).succeed(successor);
    await assert.rejects(
      care.agentOf('hospital').succeed(successor),
      failsWith('SUCCESSOR_INVALID'),
    );
    await research.stopAll();
    await care.stopAll();
    ahead += 3 * DAY + 1200;
    await care.startAll(ALL);
    await research.startAll(INSIDE, ledgers);
    assert.deepEqual(care.at('insurer').file, network);
    const after = await enrolled(research, 'laboratory', 'patient');
    const later = await add(after, 'A picture for the trial', 'imaging');
    const present = research.at('hospital').file;
    assert.deepEqual(present.channels[0]?.categories, ['laboratory', 'vitals', 'imaging']);
    const context = { domain: domainOf(present), primitives };
    for (const each of [receipt, later]) verifyReceipt(context, present, each, { strict: true });
    await assert.rejects(add(after, 'a bill', 'billing'), failsWith('CATEGORY_EXCLUDED'));
    // The first channel takes what that one does not.
    await add({ ...inCare, agent: care.agentOf('hospital') }, 'a bill', 'billing');
  });

  it('does not speak for an organisation that the first network’s authority suspended, which can stop it too', async () => {
    for (const name of INSIDE) await trySend(name);
    await suspend(accountOf(network, 'laboratory'));
    // Its first node passes the ledger on, and is refused there.
    await assert.rejects(trySend('laboratory'), failsWith('LEDGER_REJECTED', { code: -32_002 }));
    assert.equal(care.at('hospital').isSuspended('laboratory'), true);
    assert.equal(care.at('hospital').isSuspended('hospital'), false);
    await trySend('hospital');
    await suspend(accountOf(channel, 'hospital'));
    await assert.rejects(trySend('hospital'), failsWith('LEDGER_REJECTED', { code: -32_003 }));
    assert.equal(care.at('hospital').isSuspended('hospital'), false);
  });

  it('leaves nothing at the organisation outside but what the ledger tells everybody', async () => {
    await research.stopAll();
    await care.stopAll();
    const file = parseBody(receipt.acknowledgement.body).request.message as Write;
    const [{ logs } = assert.fail()] = channel.channels;
    const inside = [
      state.handle,
      state.patientId,
      state.salt,
      patient.address,
      channel.networkId,
      ...Object.values(channel.contracts),
      ...logs.flatMap(({ name, id, origin, key }) => [name, id, origin, key]),
      'research/',
      SECRET,
      file.file,
      file.record,
      receipt.acknowledgement.entry,
      receipt.acknowledgement.body,
      receipt.checkpoint.note,
    ];
    const outside = care.path('insurer');
    assert.deepEqual(await placesOf(inside, `${outside}/node`, outside), []);
    // The same search finds what it holds, in either channel.
    const held = await placesOf([careState.handle, 'care/hospital'], `${outside}/node`);
    assert.deepEqual(
      new Set(held.map(({ text }) => text)),
      new Set([careState.handle, 'care/hospital']),
    );
    const own = await placesOf(inside, `${research.path('laboratory')}/node`);
    assert.ok(new Set(own.map(({ text }) => text)).size > 5);
    // The folder with the ledger has what everybody may read there: contracts, the handle, the account, and no more.
    const ledger = `${care.path('hospital')}/node/ledger`;
    const told = new Set((await placesOf(inside, ledger)).map(({ text }) => text));
    for (const text of ['research/', SECRET, state.patientId, state.salt, file.file]) {
      assert.ok(!told.has(text), text);
    }
    assert.ok(told.has(state.handle));
    assert.ok(!told.has(careState.patientId));
  });
});
