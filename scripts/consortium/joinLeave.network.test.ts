import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { encodeBatch } from '../../src/bindings/encodeBatch.ts';
import { validatorsAbi } from '../../src/bindings/generated/validatorsAbi.ts';
import { handedOver, openValidatorKeys } from '../../src/node/validator/validatorKeys.ts';
import { readEvents } from '../../src/bindings/readEvents.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { runProgram } from '../../src/cli/runProgram.ts';
import { playSharing } from '../../src/cli/test/playSharing.ts';
import { captureStreams } from '../../src/cli/test/captureStreams.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { openFolder } from '../../src/folder/openFolder.ts';
import { openOrganisationKeys } from '../../src/folder/organisationKeys.ts';
import { connectJsonRpc } from '../../src/ledger/connectJsonRpc.ts';
import { openSender } from '../../src/ledger/openSender.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { domainOf } from '../../src/protocol/struct/domainOf.ts';
import type { Receipt } from '../../src/protocol/evidence/evidence.ts';
import { formatEvidenceFile } from '../../src/protocol/evidence/parseEvidenceFile.ts';
import { followSuccessors } from '../../src/protocol/network/followSuccessors.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { organisationId, presentNodes } from '../../src/protocol/network/networkLookups.ts';
import type { Founder, NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { numberOf } from '../../src/protocol/wire/numberOf.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { verifyReceipt } from '../../src/protocol/evidence/verifyReceipt.ts';
import type { CastMember } from '../../demo/scenario/Cast.ts';
import { findEngine } from '../findEngine.ts';
import type { ChangedConsortium } from './changeConsortium.ts';
import { choosePorts, settingsOf, type Ports } from './foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
} from './startOrganisation.ts';
import { beginWriting, type Writer } from './test/beginWriting.ts';
import { openVisitor, type Agent } from './test/openVisitor.ts';
import { requireKept, requireOnChart } from './test/requireKept.ts';

/**
 * A consortium over mutual TLS that changes while it runs: a fifth organisation joins and the founder leaves while patients
 * write, a validator's key changes, and two more join at once.
 */

const RUN = join(import.meta.dirname, 'runConsortium.ts');
const ports = await machinePorts();
const { primitives } = ports;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const run = promisify(execFile);
let folder: string;
let running: ChildProcessWithoutNullStreams;
let said = '';
let first: NetworkFile;
/** The newest file; the same as the first one at the beginning. */
let network: NetworkFile;
let doors: Readonly<Record<string, Readonly<Record<'agents' | 'ledger' | 'operate', string>>>>;
let older: Receipt;
/** Processes of nodes that began with the network. */
let pids: Readonly<Record<string, number>>;
/** Nodes that this process runs. */
const own: RunningOrganisation[] = [];
const { path: engine } = findEngine();

/** Milliseconds between two records of a patient: two processors run ten processes beside this one. */
const WRITE_EVERY = 500;
/** Patients who write while the network changes. */
const writers = new Map<string, Writer>();
const writing: Promise<void>[] = [];
const ending = new AbortController();

/** Has a patient write at an organisation, on whose chart a doctor of another one looks. */
async function write(organisation: string, doctors: string): Promise<void> {
  const begun = await beginWriting({
    network: first,
    place: writers.size,
    at: agentAt(organisation),
    doctorAt: agentAt(doctors),
    every: WRITE_EVERY,
    follows: true,
    ending: ending.signal,
  });
  writers.set(organisation, begun.writer);
  writing.push(begun.ended);
}

/** Waits until patients have added records, and doctors have read them, from now on. */
async function untilWritten(organisations: readonly string[]): Promise<void> {
  await Promise.all(
    organisations.map(async (name) => {
      await writerAt(name).more(2);
      await writerAt(name).look();
    }),
  );
}

function writerAt(organisation: string): Writer {
  return writers.get(organisation) ?? assert.fail(`nobody writes at ${organisation}`);
}

function agentAt(organisation: string): Agent {
  return { organisation, urls: doors[organisation] ?? assert.fail() };
}

/** Requires that the logs, and the ledger at one who is in, agree; from the first network file on. */
async function requireSafe(): Promise<void> {
  const pinned = join(folder, 'hospital', 'network.json');
  const followed = ['--successors', join(folder, 'successors.json')];
  const members = network.authority.members.map(({ organisation }) => organisation);
  const urls = members.flatMap((name) => ['--url', `${name}=${doors[name]?.agents}`]);
  const rpc = ['--rpc', doors['laboratory']?.ledger ?? ''];
  const [code, text] = await medseal('verify', 'network', pinned, ...followed, ...rpc, ...urls);
  assert.equal(code, 0, text);
  const [whole, told] = await medseal('verify', 'log', '--network', pinned, ...followed, ...urls);
  assert.equal(whole, 0, told);
}

async function change(kind: 'join' | 'leave', organisation: string): Promise<ChangedConsortium> {
  const args = [RUN, kind, '--organisation', organisation, '--data', folder, '--json'];
  const { stdout } = await run(process.execPath, args);
  const changed = JSON.parse(stdout) as ChangedConsortium;
  doors = changed.urls;
  await follow('laboratory');
  return changed;
}

/** Takes the successors that a node has. */
async function follow(organisation: string): Promise<void> {
  const { agents } = doors[organisation] ?? assert.fail();
  const given = await httpAgent(`${agents}/${organisation}`).successors();
  await writeFile(join(folder, 'successors.json'), JSON.stringify(given));
  network = followSuccessors(ports, first, given).at(-1) ?? first;
  await writeFile(join(folder, 'newest.json'), JSON.stringify(network));
}

/** Has some sign a change and publish it, which holds after as many seconds; what was said of one that is refused. */
async function agree(
  name: string,
  wish: readonly string[],
  { signers, after = 30 }: { readonly signers: readonly string[]; readonly after?: number },
): Promise<string | undefined> {
  const file = join(folder, `${name}.json`);
  const at = (each: string): readonly string[] => ['--data', join(folder, each)];
  const [first = '', ...others] = signers;
  const holds = ['--after', `${after}s`];
  const rounds = [
    ['propose', file, ...at(first), ...wish, ...holds, '--yes'],
    ...others.map((each) => ['sign', file, ...at(each), '--yes']),
    ['publish', file, ...at(first)],
  ];
  for (const round of rounds) {
    const [code, text] = await medseal('network', ...round);
    if (code !== 0) return text;
  }
  await follow(first);
  return undefined;
}

/** Waits until each organisation goes by the newest file, and all validators have the power that it names. */
async function untilInForce(): Promise<void> {
  const { until: from = 0 } = network.before?.at(-1) ?? {};
  await pause(Math.max(0, 1000 * from - Date.now()));
  for (const { organisation } of network.authority.members) {
    for (;;) {
      const { ready, number, powers } = await presenceAt(organisation);
      const isAdopted = ready && number === numberOf(network);
      if (isAdopted && isDeepStrictEqual(powers, stakesIn(network))) break;
      await pause(500);
    }
  }
}

function say(text: string): void {
  said += `${text}\n`;
}

/** Runs the node of an organisation, with its validator, until the end. */
async function start(organisation: string): Promise<void> {
  const data = join(folder, organisation);
  const node = startOrganisation({ organisation, data, engine, say, isStopping: () => true });
  own.push(node);
  const { urls } = await node.ready;
  doors = { ...doors, [organisation]: urls };
}

/** Makes the folder of an organisation that is to join, and its identity file. */
async function identify(organisation: string, { peers, ...ports }: Ports): Promise<string> {
  const data = join(folder, organisation);
  const address = ['--validator', `127.0.0.1:${ports.validator}`, '--engine', engine];
  const named = ['--organisation', organisation, '--url', `https://127.0.0.1:${peers}`];
  const where = ['--data', data, '--exchange', folder, '--plain-keys'];
  const [code, text] = await medseal('init', ...named, ...address, ...where);
  assert.equal(code, 0, text);
  await writeFile(join(data, 'medseal.json'), settingsOf('127.0.0.1', { peers, ...ports }));
  return join(folder, `${organisation}.identity.json`);
}

async function actor(role: 'patient' | 'doctor', organisation: string): Promise<CastMember> {
  const party = await openVisitor(first, agentAt(organisation));
  return { name: role, role, organisation, party, fresh: true };
}

async function play(places: readonly [string, string, string]): Promise<void> {
  const [patient, doctor, specialist] = places;
  const cast = {
    patient: await actor('patient', patient),
    doctor: await actor('doctor', doctor),
    specialist: await actor('doctor', specialist),
  };
  await playSharing(cast, 'a fifth validator');
}

/** Has a new patient of an organisation add a record, with its receipt. */
async function prove(organisation: string): Promise<Receipt> {
  const { party } = await actor('patient', organisation);
  await enrol(party, { role: 'patient', organisation });
  await commitEpochs(party, 2);
  const { handle } = await readPatientState(party);
  const content = utf8ToBytes(`at ${organisation}`);
  const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
  const { acknowledgement } = await addRecord(party, record);
  return await fetchReceipt(party, acknowledgement);
}

/**
 * An organisation's readiness, the number of the network file that it goes by, and the validators with power by the newest
 * state of its validator.
 */
async function presenceAt(organisation: string): Promise<{
  readonly ready: boolean;
  readonly number: number | undefined;
  readonly powers: ReadonlyMap<Bytes32, number>;
}> {
  const answer = await fetch(`${doors[organisation]?.operate}/readyz`);
  const { ready, succession, validator } = (await answer.json()) as {
    readonly ready: boolean;
    readonly succession?: { readonly number: number };
    readonly validator?: {
      readonly validators?: readonly { readonly key: Bytes32; readonly power: number }[];
    };
  };
  const powers = (validator?.validators ?? []).map(({ key, power }) => [key, power] as const);
  const present = powers.filter(([, power]) => power > 0);
  return { ready, number: succession?.number, powers: new Map(present) };
}

async function powersAt(organisation: string): Promise<ReadonlyMap<Bytes32, number>> {
  const { ready, powers } = await presenceAt(organisation);
  assert.equal(ready, true, organisation);
  return powers;
}

/** Those in the network but one, who are a quorum of it. */
function others(name: string): readonly string[] {
  return network.authority.members
    .map(({ organisation }) => organisation)
    .filter((each) => each !== name);
}

function presentNode(name: string): Founder {
  return presentNodes(network).find(({ organisation }) => organisation === name) ?? assert.fail();
}

function stakesIn({ nodes, founders = [] }: NetworkFile): ReadonlyMap<Bytes32, number> {
  return new Map(
    (nodes ?? founders).flatMap(({ validator }) =>
      validator ? [[validator.key, validator.stake]] : [],
    ),
  );
}

async function medseal(...args: readonly string[]): Promise<readonly [code: number, said: string]> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return [code, streams.out().toString() + streams.err()];
}

async function keysOf(organisation: string): ReturnType<typeof openOrganisationKeys> {
  const files = await openFolder(join(folder, organisation, 'node', organisation));
  return await openOrganisationKeys(files, { ...ports, guard: plainKeys });
}

/** A receipt whose entry only some coordinators judged. */
async function judgedBy(receipt: Receipt, organisations: readonly string[]): Promise<Receipt> {
  const { acknowledgement } = receipt;
  const [one = assert.fail()] = acknowledgement.verdicts;
  const context = { domain: domainOf(network), primitives };
  const keys = await Promise.all(organisations.map(keysOf));
  const verdicts = keys.map(({ coordinator: key }) => {
    const { signature } = sign(context, key, 'Verdict', one.verdict);
    return { ...one, coordinator: key.address, signature };
  });
  return { ...receipt, acknowledgement: { ...acknowledgement, verdicts } };
}

/** Sends a change of stake that some coordinators signed, from an organisation's account; the contract's refusal. */
async function giveStake(
  key: Bytes32,
  signers: readonly string[],
  carrier: string,
): Promise<string | undefined> {
  const message = {
    organisation: organisationId('mallory'),
    key,
    amount: 1000,
    change: 1,
    deadline: seconds(ports.clock) + 600,
  };
  const context = { domain: domainOf(network), primitives };
  const keys = await Promise.all(signers.map(async (name) => (await keysOf(name)).coordinator));
  const signatures = keys
    .toSorted((one, other) => (one.address < other.address ? -1 : 1))
    .map((each) => sign(context, each, 'StakeChange', message).signature);
  const { ledger } = doors['laboratory'] ?? assert.fail();
  const { chainId, genesis, chain } = network.ledger;
  const named = { chainId, genesis, ...(chain !== undefined && { chain }) };
  const provider = await connectJsonRpc({ ...ports, url: ledger, ...named });
  const secret = (await keysOf(carrier)).sender.signingKey;
  const sender = openSender({ ...ports, provider, chainId, secret });
  const data = encodeBatch(validatorsAbi, 'changeStakes', [{ message, signatures }]);
  const to = network.contracts.validators ?? assert.fail();
  const { logs } = await sender.send({ to, data });
  for (const event of readEvents(logs)) if (event.kind === 'Refused') return event.error;
  return undefined;
}

describe('a consortium that changes', { skip: engineMissing ?? false }, () => {
  before(async () => {
    folder = await temporaryFolder(suite);
    const args = [RUN, '--data', folder, '--delay', '10', '--tls', '--unguarded', '--json'];
    running = spawn(process.execPath, args);
    running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(running.stdout).once('line', resolve);
      running.once('close', () => reject(new Error(`it ended early: ${said}`)));
    });
    const { organisations } = JSON.parse(line) as { organisations: readonly OrganisationReady[] };
    doors = Object.fromEntries(organisations.map(({ organisation, urls }) => [organisation, urls]));
    pids = Object.fromEntries(organisations.map(({ organisation, node }) => [organisation, node]));
    const text = await readFile(join(folder, 'hospital', 'network.json'), 'utf8');
    first = parseNetworkFile(JSON.parse(text));
    network = first;
  });
  after(async () => {
    ending.abort();
    // Whatever failed, nothing of it goes on.
    await Promise.allSettled(writing);
    const stopped = own.map(async (each) => await each.stop());
    await Promise.allSettled(stopped);
    if (running.exitCode === null && running.signalCode === null) {
      const ended = new Promise((resolve) => running.once('close', resolve));
      running.kill('SIGINT');
      await ended;
    }
    for (const end of ends.toReversed()) await end();
    await Promise.all([...writing, ...stopped]);
  });

  it('begins with four, whose nodes speak TLS with each other', async () => {
    assert.equal(
      first.founders?.every(({ tls }) => tls !== undefined),
      true,
    );
    await play(['hospital', 'laboratory', 'insurer']);
    older = await prove('hospital');
    const stranger = `0x${'77'.repeat(32)}` as const;
    assert.equal(await giveStake(stranger, ['hospital'], 'hospital'), 'QuorumMissing');
  });

  it('is joined by a fifth while patients write, whose validator has power, and which judges', async () => {
    await assert.rejects(change('join', 'hospital'), /hospital is in the network already/);
    await assert.rejects(change('leave', 'clinic'), /clinic is not in the network/);
    await write('hospital', 'laboratory');
    await write('laboratory', 'pharmacy');
    await write('pharmacy', 'laboratory');
    const changed = await change('join', 'clinic');
    assert.equal(changed.number, 1);
    assert.equal(changed.members.at(-1), 'clinic');
    for (const name of changed.members) assert.deepEqual(await powersAt(name), stakesIn(network));
    assert.equal(stakesIn(network).size, 5);
    await untilWritten(['hospital', 'laboratory', 'pharmacy']);
    const { acknowledgement } = await prove('clinic');
    assert.equal(acknowledgement.log, 'care/clinic');
    const again = await change('join', 'clinic');
    assert.deepEqual(again, changed);
  });

  it('is left by its founder while patients write, and goes on, with parties at the newcomer', async () => {
    await write('clinic', 'laboratory');
    const changed = await change('leave', 'hospital');
    assert.deepEqual(changed.members, ['laboratory', 'insurer', 'pharmacy', 'clinic']);
    for (const name of changed.members) assert.deepEqual(await powersAt(name), stakesIn(network));
    await untilWritten(['laboratory', 'pharmacy', 'clinic']);
    while (!said.includes('hospital has left the network.')) await pause(100);
  });

  it('has lost nothing that was acknowledged meanwhile, nor has it twice, and plays on', async () => {
    ending.abort();
    await Promise.all(writing);
    const atFounder = writerAt('hospital');
    await requireKept([...writers.values()].filter((each) => each !== atFounder));
    // Its doctor reads what the founder acknowledged until its last moment, and so does the patient at another one.
    await requireOnChart(atFounder, atFounder.doctor ?? assert.fail());
    await atFounder.move(agentAt('laboratory'));
    await requireOnChart(atFounder, atFounder.patient);
    await requireSafe();
    await play(['clinic', 'laboratory', 'insurer']);
  });

  it('takes no word of who left, nor of a stranger', async () => {
    const receipt = await prove('clinic');
    const context = { domain: domainOf(network), primitives };
    verifyReceipt(context, network, receipt, { strict: true });
    const stays = await judgedBy(receipt, ['laboratory', 'insurer', 'clinic']);
    verifyReceipt(context, network, stays, { strict: true });
    const left = await judgedBy(receipt, ['laboratory', 'insurer', 'hospital']);
    assert.throws(
      () => verifyReceipt(context, network, left, { strict: true }),
      failsWith('EVIDENCE_INVALID'),
    );
    const three = ['hospital', 'laboratory', 'insurer'];
    const stranger = `0x${'77'.repeat(32)}` as const;
    assert.equal(await giveStake(stranger, three, 'laboratory'), 'SeatMissing');
    const { key } = first.founders?.[0]?.validator ?? assert.fail();
    assert.equal((await powersAt('clinic')).has(key), false);
    const engine = { MEDSEAL_VALIDATOR_PROGRAM: 'none' };
    const up = run(
      process.execPath,
      [
        join(import.meta.dirname, '../../src/cli/main.ts'),
        'up',
        '--data',
        join(folder, 'hospital'),
      ],
      { env: { ...process.env, ...engine } },
    );
    await assert.rejects(up, /hospital left the network at .*\[NETWORK_LEFT\]/s);
  });

  it('changes the key of a validator by commands, and the old one has no power, whoever starts it', async () => {
    const { key: before } = presentNode('pharmacy').validator ?? assert.fail();
    process.kill(pids['pharmacy'] ?? assert.fail(), 'SIGTERM');
    while (!said.includes(`The node of pharmacy (${pids['pharmacy']}) ended: 0.`)) await pause(100);
    const data = join(folder, 'pharmacy');
    const old = join(data, 'validator-before');
    await rename(join(data, 'validator'), old);
    const { address } = presentNode('pharmacy').validator ?? assert.fail();
    const identity = ['network', 'identity', '--data', data, '--validator', address];
    const [code, text] = await medseal(...identity, '--exchange', folder);
    assert.equal(code, 0, text);
    const given = ['--identity', join(folder, 'pharmacy.identity.json')];
    const refusal = await agree('key', given, { signers: others('pharmacy') });
    assert.equal(refusal, undefined);
    await start('pharmacy');
    await untilInForce();
    const { key } = presentNode('pharmacy').validator ?? assert.fail();
    assert.notEqual(key, before);
    assert.equal((await powersAt('laboratory')).has(before), false);
    // Somebody starts the old one beside the new one: nobody hears it, and it has nothing to sign.
    const settings = join(old, 'settings.json');
    const [free] = await choosePorts(1);
    const { validator: listen, rpc, blocks } = free ?? assert.fail();
    const moved = {
      ...(JSON.parse(await readFile(settings, 'utf8')) as Record<string, unknown>),
      listen: `127.0.0.1:${listen}`,
      rpc: `127.0.0.1:${rpc}`,
      blocks: `127.0.0.1:${blocks}`,
    };
    await writeFile(settings, JSON.stringify(moved));
    const keys = await openValidatorKeys(old, ports);
    assert.equal(keys.key, before);
    const beside = spawn(engine, ['start', old, '--attached']);
    beside.stdin.write(handedOver(keys));
    const ended = once(beside, 'close');
    try {
      await prove('pharmacy');
    } finally {
      beside.stdin.end();
      await ended;
    }
    for (const { organisation } of network.authority.members) {
      assert.deepEqual(await powersAt(organisation), stakesIn(network));
    }
  });

  it('is joined by two at once, and by a third only after that', async () => {
    const names = ['hospice', 'practice', 'school'];
    const ports = await choosePorts(names.length);
    const files = await Promise.all(
      names.map(async (name, place) => await identify(name, ports[place] ?? assert.fail())),
    );
    const [hospice = '', practice = '', school = ''] = files;
    const wish = ['--identity', hospice, '--identity', practice];
    const signers = others('pharmacy');
    assert.equal(await agree('two', wish, { signers }), undefined);
    const early = await agree('third', ['--identity', school], { signers });
    assert.match(early ?? '', /of the authority is not made yet: .*\[SUCCESSOR_INVALID\]/s);
    await copyFile(join(folder, 'hospital', 'network.json'), join(folder, 'first.json'));
    const taken = ['--network', join(folder, 'first.json')];
    const successors = ['--successors', join(folder, 'successors.json')];
    await Promise.all(
      names.slice(0, 2).map(async (name) => {
        const join_ = ['network', 'join', '--data', join(folder, name)];
        const [code, text] = await medseal(...join_, ...taken, ...successors);
        assert.equal(code, 0, text);
        await start(name);
      }),
    );
    await untilInForce();
    assert.equal(stakesIn(network).size, 6);
    await prove('hospice');
    await prove('practice');
    await requireSafe();
  });

  it('verifies from the first network file, through the ledger of one who stayed', async () => {
    const pinned = join(folder, 'hospital', 'network.json');
    const followed = ['--successors', join(folder, 'successors.json')];
    const rpc = ['--rpc', doors['clinic']?.ledger ?? ''];
    const [code, text] = await medseal('verify', 'network', pinned, ...followed, ...rpc);
    assert.equal(code, 0, text);
    const newest = join(folder, 'newest.json');
    const [again, told] = await medseal('verify', 'network', newest, ...rpc);
    assert.equal(again, 0, told);
    const receipt = join(folder, 'older.json');
    await writeFile(receipt, formatEvidenceFile(older));
    const offline = ['verify', receipt, '--offline', '--network'];
    for (const files of [[pinned], [pinned, ...followed], [newest]]) {
      const [verified, why] = await medseal(...offline, ...files);
      assert.equal(verified, 0, why);
    }
  });
});
