import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Organisation } from '../../protocol/ids.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import { ChannelNodes, until } from '../test/ChannelNodes.ts';
import { givePassphrase } from '../test/givePassphrase.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** Commands of each role while the node of its organisation is away, and after it left: each node is a process. */

const ALL = ['hospital', 'laboratory', 'insurer'] as const;
const STAY = ['hospital', 'insurer'] as const;
const AWAY = 'laboratory cannot be reached: the node of hospital is asked in its place.';
const LEFT = 'laboratory has left the network: the node of hospital is asked in its place.';
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let nodes: ChannelNodes;
let clock: OwnClock;
let root: string;
let words: string;

before(async () => {
  root = await temporaryFolder(suite);
  clock = await ownClock(root);
  await givePassphrase(suite, root);
  await writeFile(join(root, 'note.txt'), 'a result');
  nodes = await ChannelNodes.start(suite, root, ALL);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Runs a command at somebody's device. */
async function run(who: string, ...args: readonly string[]): Promise<Run> {
  return await nodes.run(...args, '--home', join(root, who));
}

/** Runs a command at somebody's device that must succeed. */
async function done(who: string, ...args: readonly string[]): Promise<Run> {
  const ran = await run(who, ...args);
  assert.equal(ran.code, 0, `${who}: ${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
  return ran;
}

function cardOf(who: string): string {
  return join(root, `${who}.json`);
}

/** Makes a device that knows some nodes, of which the first is the one for all others too. */
async function device(who: string, ...names: readonly Organisation[]): Promise<void> {
  const [first = 'hospital', ...others] = names;
  const addresses = others.map((name) => `${name}=${nodes.url(name)}`);
  await done(who, 'join', nodes.url(first), ...addresses, '--network', nodes.network);
}

/** Reading commands of every party. */
const COMMON = [
  ['party', 'show'],
  ['party', 'card', '--no-qr'],
  ['inbox'],
  ['mistake', 'list'],
  ['notify', 'list'],
  ['verify', 'chain'],
];
/** Reads the patient's chart, by a right. */
const CHART = ['record', 'list', '--patient'];
/** Reading commands of each role beside these. */
const OF_ROLE: Readonly<Record<Role, readonly (readonly string[])[]>> = {
  patient: [
    ['patient', 'card', '--no-qr'],
    ['record', 'list'],
    ['grants'],
    ['audit'],
    ['chain'],
    ['contact', 'changed'],
    ['rule', 'list'],
    ['device', 'list'],
    ['readings', 'list'],
    ['prescription', 'list'],
    ['claim', 'list'],
    ['birth', 'show'],
    ['death', 'show'],
    ['will', 'show'],
  ],
  doctor: [CHART, ['order', 'list'], ['claim', 'list']],
  // Has a right only while the patient gives one.
  nurse: [],
  pharmacist: [CHART],
  lab: [CHART, ['order', 'list']],
  insurer: [CHART, ['claim', 'list']],
  researcher: [CHART],
  analyst: [CHART],
  verifier: [CHART, ['claim', 'list']],
  registrar: [CHART],
};

/** Plays the commands of roles, and a day of the patient's rights; `note` is said beside each answer, if any. */
async function playRoles(note?: string, roles: readonly Role[] = ROLES): Promise<void> {
  const play = async (role: Role, ...args: readonly string[]): Promise<Run> => {
    const ran = await done(role, ...args);
    const said = `${role}: ${args.join(' ')}: ${ran.stderr}`;
    if (note === undefined) assert.doesNotMatch(ran.stderr, /in its place/, said);
    else assert.ok(ran.stderr.includes(note), said);
    return ran;
  };
  for (const role of roles) {
    for (const line of [...COMMON, ...OF_ROLE[role]]) {
      await play(role, ...(line === CHART ? [...line, cardOf('patient')] : line));
    }
  }
  await play('patient', 'record', 'add', join(root, 'note.txt'), '-c', 'vitals', '--yes');
  const right = ['--category', 'vitals', '--until', '1h', '--yes'];
  const given = await play('patient', 'grant', cardOf('nurse'), ...right, '--json');
  const { grant } = JSON.parse(given.stdout) as { readonly grant: string };
  await play('nurse', 'inbox');
  assert.match((await play('nurse', ...CHART, cardOf('patient'))).stdout, /vitals/);
  await play('patient', 'revoke', grant, '--yes');
  const ended = await run('nurse', ...CHART, cardOf('patient'));
  assert.notEqual(ended.code, 0);
  assert.match(ended.stderr, /\[RIGHT_/);
}

describe('people of an organisation, in each role', () => {
  it('are enrolled there, and do all by its node', async () => {
    for (const role of ROLES) {
      await device(role, ...ALL);
      const made = await done(role, 'key', 'new', role, '--json');
      if (role === 'patient') ({ phrase: words } = JSON.parse(made.stdout) as { phrase: string });
      await done(role, 'party', 'apply', '--role', role, '--at', 'laboratory', '--yes');
      const noun = role === 'patient' ? 'patient' : 'party';
      await done(role, noun, 'card', '--out', cardOf(role));
    }
    await writeFile(join(root, 'words'), words);
    await done('patient', 'record', 'add', join(root, 'note.txt'), '-c', 'laboratory', '--yes');
    const right = ['--category', 'laboratory', '--until', '2d', '--yes'];
    for (const role of ROLES.filter((each) => OF_ROLE[each].includes(CHART))) {
      await done('patient', 'grant', cardOf(role), ...right);
    }
    // A device as one of before knew nodes: by one address for all, that of its own organisation's.
    await device('plain', 'laboratory');
    await done('plain', 'key', 'new', 'plain');
    await done('plain', 'party', 'apply', '--role', 'patient', '--at', 'laboratory', '--yes');
    await playRoles();
  });

  it('do all by another node while it is away, and see its log as that has copied it', async () => {
    await nodes.node('laboratory').stop();
    await playRoles(AWAY);
    const copied = 'laboratory cannot be reached: its log is shown as hospital has copied it.';
    for (const args of [
      ['log'],
      ...['--checkpoints', '--entries', '--batches'].map((what) => ['log', what]),
      ['log', '--log', 'research/laboratory', '--history', join(root, 'history.json')],
    ]) {
      const { stdout, stderr } = await done('patient', ...args);
      assert.ok(stdout.includes('research/laboratory'), args.join(' '));
      assert.ok(stderr.includes(copied), stderr);
    }
    await done('patient', 'verify', join(root, 'history.json'), '--offline');
    const { code, stdout } = await run('patient', 'status');
    assert.equal(code, 3);
    assert.match(stdout, /^laboratory .* not checked: cannot be reached$/m);
  });

  it('are told which address to give if their device knows that of the absent node alone', async () => {
    const alone = await run('plain', 'record', 'list');
    refused(alone, 'PEER_UNREACHABLE', 3);
    const hint = 'add --url hospital=https://… or --url insurer=https://….';
    assert.ok(alone.stderr.includes(hint), alone.stderr);
    const { stderr } = await done('plain', 'record', 'list', '--url', address('hospital'));
    assert.ok(stderr.includes(AWAY), stderr);
  });

  // @class a device is led from an honest node to another by a false answer, or to one outside of the network | asks no other node
  it('ask no node of an organisation that the network does not have, and believe none that answers wrongly', async () => {
    const asked: string[] = [];
    const real = nodes.url('hospital');
    const file = JSON.parse(await readFile(nodes.network, 'utf8')) as object;
    const forged = { format: 'medseal-successors/1', successors: [] };
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const isFile = request.url === '/hospital/v1/network';
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isFile ? { ...file, demo: true } : forged));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    suite.after(() => server.close());
    const liar = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stranger = ['--url', `pharmacy=${liar}`];
    const { stderr } = await done('patient', 'record', 'list', ...stranger);
    assert.ok(stderr.includes(AWAY), stderr);
    refused(
      await run('patient', 'record', 'list', ...stranger, '--node', 'pharmacy'),
      'ARGUMENT_INVALID',
      2,
    );
    assert.deepEqual(asked, [], `${liar} in place of ${real}`);
    const led = ['--url', `hospital=${liar}`];
    for (const args of [
      ['record', 'list', ...led],
      ['record', 'list', ...led, '--node', 'hospital'],
    ]) {
      const told = await run('patient', ...args);
      refused(told, 'NETWORK_FILE_OTHER');
      assert.doesNotMatch(told.stderr, /in its place/);
    }
    const applied = ['party', 'apply', '--role', 'patient', '--at', 'hospital', '--yes'];
    refused(await run('plain', ...applied, ...led), 'NETWORK_FILE_OTHER');
  });

  it('are at their own node again once it is back', async () => {
    await nodes.up('laboratory');
    await playRoles(undefined, ['patient', 'doctor']);
    await done('plain', 'record', 'list');
  });

  it('do all by another node after it left, with their rights, at a device that hears of it then', async () => {
    const path = join(root, 'left.json');
    const [at, door] = [nodes.data('hospital'), ['--url', address('hospital')]];
    const wish = ['--leave', 'laboratory', ...LATER, '--yes'];
    await nodes.medseal('network', 'propose', path, '--data', at, ...door, ...wish);
    await nodes.medseal('network', 'sign', path, '--data', nodes.data('insurer'), '--yes');
    await nodes.medseal('network', 'publish', path, '--data', at, ...door);
    const staying = STAY.map((name) => nodes.node(name));
    await clock.moveTo(await momentOf(1, staying));
    for (const name of STAY) await until(name, async () => (await nodes.numberOf(name)) === 1);
    await nodes.node('laboratory').ended;
    // First of all, while nothing else told the device: its keys are locked.
    for (const role of ['patient', 'doctor']) {
      const { stdout } = await done(role, 'status');
      assert.doesNotMatch(stdout, /laboratory +http/);
    }
    await playRoles(LEFT);
    const { stdout } = await done('patient', 'verify', 'network');
    assert.match(stdout, /this device followed it from the one that it pinned/);
    const { stderr } = await done('patient', 'log');
    const copied = 'laboratory has left the network: its log is shown as hospital has copied it.';
    assert.ok(stderr.includes(copied), stderr);
    await done('patient', 'verify', 'log');
  });

  it('are asked at no node of the organisation that left, whoever answers at its address', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    suite.after(() => server.close());
    const former = `laboratory=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const args of [['record', 'list'], ['log'], ['status'], ['verify', 'log']]) {
      await done('patient', ...args, '--url', former);
    }
    refused(
      await run('patient', 'record', 'list', '--node', 'laboratory', '--url', former),
      'ARGUMENT_INVALID',
      2,
    );
    assert.deepEqual(asked, []);
  });

  it('stay enrolled as they are: to apply elsewhere is refused, and says by which node they go on', async () => {
    const again = ['party', 'apply', '--role', 'patient', '--at', 'hospital', '--yes'];
    const told = await run('patient', ...again);
    refused(told, 'ARGUMENT_INVALID', 2);
    assert.match(
      told.stderr,
      /--at: the party is a patient of laboratory, and stays that; "medseal party move"/,
    );
  });

  it('restore a key at a device that knows the first file alone, and newcomers join and apply with it', async () => {
    await device('restored', 'hospital', 'insurer');
    const restore = ['key', 'restore', 'patient', '--phrase-file', join(root, 'words')];
    assert.match((await done('restored', ...restore)).stdout, /a patient of laboratory/);
    assert.ok((await done('restored', 'record', 'list')).stderr.includes(LEFT));
    await device('late', 'hospital', 'insurer');
    await done('late', 'key', 'new', 'late');
    await done('late', 'party', 'apply', '--role', 'patient', '--at', 'insurer', '--yes');
    await done('late', 'record', 'list');
    // An older device that never followed goes on where it is told an address.
    await rm(join(root, 'plain', 'successors.json'), { force: true });
    const { stderr } = await done('plain', 'record', 'list', '--url', address('insurer'));
    assert.match(stderr, /laboratory has left the network: the node of insurer is asked/);
    await done('plain', 'join', nodes.url('hospital'), address('insurer'));
    assert.ok((await done('plain', 'record', 'list')).stderr.includes(LEFT));
  });
});

function address(name: Organisation): string {
  return `${name}=${nodes.url(name)}`;
}
