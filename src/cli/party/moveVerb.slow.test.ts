import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Organisation } from '../../protocol/ids.ts';
import { ChannelNodes, until } from '../test/ChannelNodes.ts';
import { givePassphrase } from '../test/givePassphrase.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** Parties that move to the node of another organisation, while theirs lives and after it left: each node is a process. */

const ALL = ['hospital', 'laboratory', 'insurer'] as const;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let nodes: ChannelNodes;
let clock: OwnClock;
let root: string;

before(async () => {
  root = await temporaryFolder(suite);
  clock = await ownClock(root);
  await givePassphrase(suite, root);
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

/** Makes a device that calls the first node for all that it has no other address of. */
async function device(who: string, ...names: readonly Organisation[]): Promise<void> {
  const [first = 'hospital', ...others] = names;
  await done(who, 'join', nodes.url(first), ...others.map(address), '--network', nodes.network);
}

/** Asserts that commands go where they should, and that nothing is said of another node. */
async function servedBy(who: string, organisation: Organisation): Promise<void> {
  const { stdout, stderr } = await done(who, 'party', 'show', '--json');
  assert.equal((JSON.parse(stdout) as { readonly servedBy?: string }).servedBy, organisation);
  assert.doesNotMatch(stderr, /in its place/);
}

/** All that a device remembers of nodes and moves, which a refused move leaves as it is. */
async function remembered(who: string): Promise<readonly string[]> {
  const paths = ['home.json', `parties/${who}/device/served-by.json`, `parties/${who}/key.json`];
  return await Promise.all(
    paths.map(async (path) => await readFile(join(root, who, path), 'utf8').catch(() => '')),
  );
}

function address(name: Organisation): string {
  return `${name}=${nodes.url(name)}`;
}

describe('a party that moves to another organisation', () => {
  it('is enrolled at its own first, and has a second device', async () => {
    for (const [who, role] of [
      ['anna', 'patient'],
      ['vera', 'doctor'],
    ] as const) {
      await device(who, ...ALL);
      const made = await done(who, 'key', 'new', who, '--json');
      const { phrase } = JSON.parse(made.stdout) as { readonly phrase: string };
      await writeFile(join(root, `${who}.words`), phrase);
      await done(who, 'party', 'apply', '--role', role, '--at', 'laboratory', '--yes');
      await done(who, 'party', 'card', '--out', join(root, `${who}.json`));
    }
    await device('second', 'hospital', 'laboratory');
    const words = ['--phrase-file', join(root, 'anna.words')];
    await done('second', 'key', 'restore', 'second', ...words);
  });

  it('is served there, with the letters of before, and its second device follows with its inbox', async () => {
    const right = ['--category', 'laboratory', '--until', '1h', '--yes'];
    await done('vera', 'request', join(root, 'anna.json'), '--action', 'read', ...right);
    const { stdout } = await done('anna', 'party', 'move', 'insurer', '--yes');
    assert.match(stdout, /The node of insurer now serves anna, at http/);
    await servedBy('anna', 'insurer');
    assert.match((await done('anna', 'inbox')).stdout, /asks to read laboratory/);
    assert.match(
      (await done('anna', 'party', 'move', 'insurer', '--yes')).stdout,
      /insurer serves/,
    );
    await done('second', 'inbox');
    // Its own node is away: neither device asks it, and the second was told where the other one is.
    await nodes.node('laboratory').stop();
    for (const who of ['anna', 'second']) {
      await servedBy(who, 'insurer');
      await done(who, 'record', 'list');
      assert.match((await run(who, 'status')).stdout, /insurer +http\S+ +answers/);
    }
  });

  it('goes on at its own node while the other is away, and is back there with it', async () => {
    await nodes.up('laboratory');
    await nodes.node('insurer').stop();
    const { stderr } = await done('anna', 'record', 'list');
    const told = 'insurer cannot be reached: the node of laboratory is asked in its place.';
    assert.ok(stderr.includes(told), stderr);
    await nodes.up('insurer');
    await servedBy('anna', 'insurer');
  });

  // @attack somebody has a party move to a node outside of the network | the newest network file names the organisation, and the node gives that file
  it('is refused another network, a stranger, a node that is away, at another address or of another file', async () => {
    const before = await remembered('anna');
    const file = JSON.parse(await readFile(nodes.network, 'utf8')) as object;
    const none = { format: 'medseal-successors/1', successors: [] };
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const isFile = request.url?.endsWith('/v1/network') === true;
      response.end(JSON.stringify(isFile ? { ...file, demo: true } : none));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    suite.after(() => server.close());
    const liar = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const move = async (...args: readonly string[]): Promise<Run> =>
      await run('anna', 'party', 'move', ...args, '--yes');
    refused(await move('pharmacy', '--url', `pharmacy=${liar}`), 'MOVE_REFUSED');
    refused(await move('__proto__'), 'MOVE_REFUSED');
    refused(await move('laboratory', '--url', `laboratory=${liar}`), 'NETWORK_FILE_OTHER');
    const elsewhere = `laboratory=${nodes.url('hospital')}`;
    refused(await move('laboratory', '--url', elsewhere), 'NOT_FOUND');
    refused(
      await move('laboratory', '--url', 'laboratory=http://127.0.0.1:1'),
      'PEER_UNREACHABLE',
      3,
    );
    const unasked = await run('anna', 'party', 'move', 'laboratory');
    refused(unasked, 'NOT_CONFIRMED');
    assert.deepEqual(await remembered('anna'), before);
  });

  it('is refused if it never applied, or its key was changed at another device', async () => {
    await device('nobody', 'hospital');
    await done('nobody', 'key', 'new', 'nobody');
    refused(await run('nobody', 'party', 'move', 'hospital', '--yes'), 'PARTY_UNKNOWN');
    await device('old', ...ALL);
    await done('old', 'key', 'restore', 'old', '--phrase-file', join(root, 'vera.words'));
    await done('vera', 'key', 'change', 'vera', '--yes');
    refused(await run('old', 'party', 'move', 'hospital', '--yes'), 'KEY_CHANGED');
    await done('vera', 'party', 'move', 'hospital', '--yes');
    await servedBy('vera', 'hospital');
  });

  it('moves away from an organisation that left, and to none that did, whatever its device knew', async () => {
    await done('anna', 'party', 'move', 'laboratory', '--yes');
    const stay = ['hospital', 'insurer'] as const;
    const path = join(root, 'left.json');
    const [at, door] = [nodes.data('hospital'), ['--url', address('hospital')]];
    const wish = ['--leave', 'laboratory', ...LATER, '--yes'];
    await nodes.medseal('network', 'propose', path, '--data', at, ...door, ...wish);
    await nodes.medseal('network', 'sign', path, '--data', nodes.data('insurer'), '--yes');
    await nodes.medseal('network', 'publish', path, '--data', at, ...door);
    await clock.moveTo(
      await momentOf(
        1,
        stay.map((name) => nodes.node(name)),
      ),
    );
    for (const name of stay) await until(name, async () => (await nodes.numberOf(name)) === 1);
    await nodes.node('laboratory').ended;
    // First of all, while nothing else told the device.
    const to = await run('anna', 'party', 'move', 'laboratory', '--yes');
    refused(to, 'MOVE_REFUSED');
    assert.match(to.stderr, /it has left the network/);
    const { stderr } = await done('anna', 'record', 'list');
    assert.match(stderr, /laboratory has left the network: the node of hospital is asked/);
    assert.match(stderr, /To stay there: medseal party move hospital/);
    await done('anna', 'party', 'move', 'hospital', '--yes');
    await servedBy('anna', 'hospital');
    await done('anna', 'audit');
    await done('second', 'inbox');
    await servedBy('second', 'hospital');
  });

  it('is brought to a new device by its words, and to one that lost what it remembered', async () => {
    await device('third', 'insurer', 'hospital');
    const words = ['--phrase-file', join(root, 'anna.words')];
    await done('third', 'key', 'restore', 'third', ...words);
    await done('third', 'inbox');
    await servedBy('third', 'hospital');
    await rm(join(root, 'anna/parties/anna/device/served-by.json'));
    await done('anna', 'inbox');
    await servedBy('anna', 'hospital');
  });
});
