import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Organisation } from '../../protocol/ids.ts';
import { ChannelNodes, until } from '../test/ChannelNodes.ts';
import { givePassphrase } from '../test/givePassphrase.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** People of an organisation whose node is away, and which leaves the network then: each node is a process. */

const ALL = ['hospital', 'laboratory', 'insurer'] as const;
const AWAY = 'laboratory cannot be reached: the node of hospital is asked in its place.';
const LEFT = 'laboratory has left the network: the node of hospital is asked in its place.';
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

/** Runs a command at somebody's device that must succeed, and returns what was said beside its answer. */
async function say(who: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(who, ...args);
  assert.equal(code, 0, `${who}: ${args.join(' ')}: ${stdout}${stderr}`);
  return stderr;
}

/** Makes a device for somebody of the laboratory, which knows the addresses of all nodes, and applies there. */
async function enrol(who: string, role: string): Promise<void> {
  const others = ALL.slice(1).map((name) => `${name}=${nodes.url(name)}`);
  await say(who, 'join', nodes.url('hospital'), ...others, '--network', nodes.network);
  await say(who, 'key', 'new', who);
  await say(who, 'party', 'apply', '--role', role, '--at', 'laboratory', '--yes');
}

/** Shares with the doctor, who reads; ends the right, and the doctor is refused; each command says what it says beside that. */
async function playDay(text: string): Promise<readonly string[]> {
  const said: string[] = [];
  const patient = async (...args: readonly string[]): Promise<void> =>
    void said.push(await say('anna', ...args));
  const doctor = async (...args: readonly string[]): Promise<void> =>
    void said.push(await say('vera', ...args));
  const file = join(root, 'note.txt');
  await writeFile(file, text);
  await patient('record', 'add', file, '--category', 'laboratory', '--yes');
  await patient('record', 'list');
  await patient('grant', 'vera', '--category', 'laboratory', '--until', '1d', '--yes');
  await doctor('inbox');
  await doctor('record', 'list', '--patient', 'anna');
  await patient('revoke', 'vera', '--yes');
  const refused = await run('vera', 'record', 'list', '--patient', 'anna');
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr + refused.stdout, /RIGHT_/);
  await patient('audit');
  return said;
}

describe('people of an organisation', () => {
  it('apply there, note each other, and live a day with its node', async () => {
    await enrol('anna', 'patient');
    await enrol('vera', 'doctor');
    for (const [who, card] of [
      ['anna', ['patient', 'card']],
      ['vera', ['party', 'card']],
    ] as const) {
      const file = join(root, `${who}.json`);
      await say(who, ...card, '--out', file);
      await say(who === 'anna' ? 'vera' : 'anna', 'contact', 'add', who, file);
    }
    for (const said of await playDay('a first day')) assert.doesNotMatch(said, /in its place/);
  });

  it('live such a day by another node while theirs is away, and are told so', async () => {
    // Another node has a copy of the log of theirs: what was acknowledged is missed in it, and said to be.
    await until('a copy', async () => {
      return (await run('anna', 'record', 'list', '--node', 'hospital')).code === 0;
    });
    await nodes.node('laboratory').stop();
    for (const said of await playDay('its node is away')) assert.ok(said.includes(AWAY), said);
    const status = await run('anna', 'status');
    assert.match(status.stdout, /laboratory +http\S+ +not checked: cannot be reached/);
    const named = await run('anna', 'record', 'list', '--node', 'laboratory');
    assert.match(named.stderr + named.stdout, /PEER_UNREACHABLE/);
    assert.equal(await say('anna', 'record', 'list', '--node', 'insurer'), '');
    const stranger = await run('anna', 'record', 'list', '--node', 'pharmacy');
    assert.match(stranger.stderr + stranger.stdout, /ARGUMENT_INVALID/);
  });

  it('are at their own node again once it is back', async () => {
    await nodes.up('laboratory');
    for (const said of await playDay('it is back')) assert.doesNotMatch(said, /in its place/);
  });

  it('go on with their charts and rights after it left, and a device that joined before knows it', async () => {
    const stay = ['hospital', 'insurer'] as const;
    const path = join(root, 'left.json');
    const [at, door] = [nodes.data('hospital'), ['--url', `hospital=${nodes.url('hospital')}`]];
    const wish = ['--leave', 'laboratory', ...LATER, '--yes'];
    await nodes.medseal('network', 'propose', path, '--data', at, ...door, ...wish);
    await nodes.medseal('network', 'sign', path, '--data', nodes.data('insurer'), '--yes');
    await nodes.medseal('network', 'publish', path, '--data', at, ...door);
    await clock.moveTo(
      await momentOf(
        1,
        [...stay].map((name: Organisation) => nodes.node(name)),
      ),
    );
    for (const name of stay) await until(name, async () => (await nodes.numberOf(name)) === 1);
    const { code } = await nodes.node('laboratory').ended;
    assert.equal(code, 1);
    for (const said of await playDay('it has left')) assert.ok(said.includes(LEFT), said);
  });

  it('join with the first file at a node that runs by a later one, and with no other file', async () => {
    const others = [`insurer=${nodes.url('insurer')}`];
    const joined = await say(
      'again',
      'join',
      nodes.url('hospital'),
      ...others,
      '--network',
      nodes.network,
    );
    assert.doesNotMatch(joined, /FINGERPRINT/);
    await say('anna', 'join', nodes.url('hospital'), ...others);
  });
});
