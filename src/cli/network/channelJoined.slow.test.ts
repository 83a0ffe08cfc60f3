import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { addResult, ChannelNodes, until } from '../test/ChannelNodes.ts';
import { momentOf } from '../test/momentOf.ts';
import { LATER, ownClock, type OwnClock } from '../test/ownClock.ts';
import { temporaryFolder } from '../test/runMedseal.ts';

/** A further channel that organisations join, of the first network and from outside it, and that one leaves, by commands. */

const INSIDE = ['hospital', 'laboratory'] as const;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const device = memoryDevice();
const seed = crypto.getRandomValues(new Uint8Array(32));
let nodes: ChannelNodes;
let clock: OwnClock;

before(async () => {
  const root = await temporaryFolder(suite);
  clock = await ownClock(root);
  nodes = await ChannelNodes.start(suite, root, INSIDE);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Has a change proposed, signed by others, and published at the first one. */
async function change(
  file: string,
  [first = '', ...others]: readonly Organisation[],
  ...wish: readonly string[]
): Promise<void> {
  const path = join(nodes.root, file);
  const [at, door] = [nodes.data(first), ['--url', `${first}=${nodes.url(first)}`]];
  await nodes.medseal('network', 'propose', path, '--data', at, '--yes', ...door, ...wish);
  for (const name of others) {
    await nodes.medseal('network', 'sign', path, '--data', nodes.data(name), '--yes');
  }
  const published = await nodes.run('network', 'publish', path, '--data', at, ...door);
  assert.equal(published.code, 0, published.stdout + published.stderr);
  assert.match(published.stdout, /channel accounts accounts\.json --data/);
}

/** Moves the clock on to the moment of a change, once nodes know of it. */
async function inForce(number: number, names: readonly Organisation[]): Promise<void> {
  const running = names.map((name) => nodes.node(name));
  await clock.moveTo(await momentOf(number, running));
}

/** Saves the successors that a node gives, in a file. */
async function successorsOf(name: Organisation): Promise<string> {
  const file = join(nodes.root, 'successors.json');
  const given = await fetch(`${nodes.url(name)}/${name}/v1/successors`);
  await writeFile(file, await given.text());
  return file;
}

describe('organisations that join and leave a further channel, by commands', () => {
  it('join by a change, the one of the first network and the one that is not in it, once their accounts are admitted', async () => {
    const early = await addResult(await nodes.patient('hospital', seed, device), 'before them');
    await writeFile(join(nodes.root, 'early.json'), canonicalJson(early));
    const out = join(nodes.root, 'out');
    await nodes.identify('insurer', nodes.care, out);
    await nodes.identify('clinic', join(nodes.care, 'network.json'), out);
    const identities = ['insurer', 'clinic'].flatMap((name) => [
      '--identity',
      join(out, `${name}.identity.json`),
    ]);
    await change('joined.json', INSIDE, ...identities, ...LATER);
    const accounts = join(nodes.root, 'accounts.json');
    await nodes.medseal('channel', 'accounts', accounts, '--data', nodes.data('hospital'));
    const text = await readFile(accounts, 'utf8');
    const named = JSON.parse(text) as { accounts: readonly { organisation: string }[] };
    assert.deepEqual(
      named.accounts.map(({ organisation }) => organisation),
      [...INSIDE, 'insurer', 'clinic'],
    );
    assert.doesNotMatch(text, /research|laboratory\.json|vitals/);
    await nodes.admit(accounts);

    const successors = await successorsOf('hospital');
    for (const name of ['insurer', 'clinic']) {
      const files = ['--network', nodes.network, '--successors', successors];
      await nodes.medseal('network', 'join', '--data', nodes.data(name), ...files);
    }
    // They are ready once the change that names them is in force.
    const newcomers = ['insurer', 'clinic'].map(async (name) => await nodes.up(name));
    await Promise.all([...newcomers, inForce(1, INSIDE)]);
    for (const name of [...INSIDE, 'insurer', 'clinic']) {
      await until(name, async () => (await nodes.numberOf(name)) === 1);
    }
    for (const name of ['insurer', 'clinic']) {
      const patient = await nodes.patient(name);
      await addResult(patient, `at the ${name}`);
    }
    const receipt = ['verify', join(nodes.root, 'early.json'), '--offline'];
    const files = ['--network', nodes.network, '--successors', successors];
    await nodes.medseal(...receipt, ...files);
    interface Listed {
      readonly channels: readonly { readonly data: string }[];
    }
    const { channels } = await nodes.medseal<Listed>('channel', 'list', '--data', nodes.care);
    assert.ok(channels.some(({ data }) => data === nodes.data('insurer')));
  });

  it('have folders in which fsck finds nothing wrong, and a backup that restores', async () => {
    await nodes.node('clinic').stop();
    await nodes.medseal('fsck', '--data', nodes.data('clinic'));
    const archive = join(nodes.root, 'clinic.tar');
    await nodes.medseal('backup', '--data', nodes.data('clinic'), '--to', archive);
    await nodes.medseal('restore', archive, '--data', join(nodes.root, 'clinic'));
    await nodes.medseal('fsck', '--data', join(nodes.root, 'clinic'));
    await nodes.up('clinic');
  });

  it('leave by a change: its node ends, and the others go on', async () => {
    const stay = ['hospital', 'insurer', 'clinic'];
    await change('left.json', stay, '--leave', 'laboratory', ...LATER);
    await inForce(2, [...stay, 'laboratory']);
    for (const name of stay) {
      await until(name, async () => (await nodes.numberOf(name)) === 2);
    }
    const { code, stderr } = await nodes.node('laboratory').ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /NETWORK_LEFT/);
    await until('a record', async () => {
      return await addResult(await nodes.party('hospital', seed, device), 'without it').then(
        () => true,
        () => false,
      );
    });
    const successors = await successorsOf('hospital');
    const urls = stay.flatMap((name) => ['--url', `${name}=${nodes.url(name)}`]);
    const verify = ['verify', 'network', nodes.network, '--successors', successors];
    const whole = await nodes.run(...verify, ...urls, '--rpc', nodes.rpc);
    assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  });
});
