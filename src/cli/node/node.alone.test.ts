import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';
import { startNode } from '../test/startNode.ts';

/** A node that is not a demonstration, by `medseal init` and `medseal up`, as its operator uses them. */

const MAIN = join(import.meta.dirname, '../main.ts');

/** A machine for which npm `secp256k1` has no build. */
const WITHOUT_ADDON = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(name, context, next) {
      if (name === 'secp256k1/bindings.js') throw new Error('no native build found');
      return next(name, context);
    },
  });
`)}`;

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let root: string;
let secret: string;
before(async () => {
  root = await temporaryFolder(suite);
  secret = `${root}/passphrase.txt`;
  await writeFile(secret, 'five random words are good\n');
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Runs a command within this process, which begins no other. */
async function runMedseal(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

function codeOf(run: Run): string {
  const { error } = JSON.parse(run.stdout) as { error: { code: string } };
  return error.code;
}

describe('medseal init', () => {
  it('makes a network whose keys are under a passphrase, once', async () => {
    const data = `${root}/locked`;
    const made = ['init', '--data', data, '--organisations', 'clinic,pharmacy', '--json', '--yes'];
    const first = await runMedseal(...made, '--passphrase-file', secret);
    assert.equal(first.code, 0, first.stderr);
    const again = await runMedseal('init', '--data', data, '--passphrase-file', secret, '--json');
    assert.deepEqual([again.code, again.stdout], [0, first.stdout]);
    const keys = await readFile(`${data}/node/clinic/keys.json`, 'utf8');
    assert.deepEqual(Object.keys(JSON.parse(keys) as object), ['sealed']);
    assert.equal((await stat(`${data}/folder-key.json`)).mode & 0o777, 0o600);
    const settings = JSON.parse(await readFile(`${data}/medseal.json`, 'utf8')) as object;
    assert.deepEqual(settings, { $schema: './medseal.schema.json' });
  });

  it('makes one whose keys lie as they are only if that is said', async () => {
    const data = `${root}/plain`;
    const made = ['init', '--data', data, '--organisations', 'clinic', '--yes'];
    const silent = await runMedseal(...made, '--json');
    assert.equal(codeOf(silent), 'ARGUMENT_INVALID');
    const plain = await runMedseal(...made, '--plain-keys');
    assert.equal(plain.code, 0, plain.stderr);
    assert.match(plain.stdout, /mode 0600/);
    assert.equal((await stat(`${data}/node/clinic/keys.json`)).mode & 0o777, 0o600);
  });

  it('shows what it founds and asks, and founds nothing unasked', async () => {
    const data = `${root}/asked`;
    const made = ['init', '--data', data, '--organisations', 'a,b,c,d', '--faulty', '1'];
    const unasked = await runMedseal(...made, '--plain-keys', '--json');
    assert.equal(codeOf(unasked), 'NOT_CONFIRMED');
    assert.match(unasked.stderr, /quorum for a write: 3 of 4; for a view: 3 of 4/);
    assert.match(
      unasked.stderr,
      /it is safe even if 1 of them lies\n.*works while 1 of them is unavailable/,
    );
    await assert.rejects(stat(`${data}/founding.json`));
    const made4 = await runMedseal(...made, '--views', '4', '--yes', '--json');
    assert.equal(made4.code, 0, made4.stdout);
    const network = JSON.parse(await readFile(`${data}/network.json`, 'utf8')) as NetworkFile;
    const [channel] = network.channels;
    assert.deepEqual([channel?.faulty, channel?.thresholds], [1, { writes: 3, views: 4 }]);
    const other = await runMedseal(...made, '--writes', '4', '--yes', '--json');
    assert.equal(codeOf(other), 'CEREMONY_INVALID');
    const few = ['init', '--data', `${root}/few`, '--organisations', 'a,b,c', '--writes', '1'];
    assert.equal(
      codeOf(await runMedseal(...few, '--plain-keys', '--yes', '--json')),
      'ARGUMENT_INVALID',
    );
    const early = ['init', '--data', `${root}/early`, '--organisation', 'a', '--faulty', '1'];
    const told = await runMedseal(...early, '--url', 'https://a.example', '--plain-keys', '--json');
    assert.equal(codeOf(told), 'ARGUMENT_INVALID');
    const own = early.slice(0, -2);
    const member = await runMedseal(...own, '--url', 'https://a.example', '--plain-keys');
    assert.equal(member.code, 0, member.stderr);
    for (const term of [['--unguarded'], ['--longest-right', '1y'], ['--copies', '2']]) {
      const refused = await runMedseal('init', '--data', `${root}/early`, ...term, '--json');
      assert.equal(codeOf(refused), 'ARGUMENT_INVALID', term.join(' '));
      assert.match(refused.stdout, /only the founder may give it, with --found/);
    }
  });

  it('founds a network with the term of claims that the founder says, and says who judges without a third organisation', async () => {
    const data = `${root}/term`;
    const made = ['init', '--data', data, '--organisations', 'a', '--plain-keys', '--json'];
    const terms = ['--claim-term', '14d'];
    const unasked = await runMedseal(...made, ...terms);
    assert.equal(codeOf(unasked), 'NOT_CONFIRMED');
    assert.match(unasked.stderr, /claim is decided, .* in 1209600 s/);
    assert.match(unasked.stderr, /disputes end with the decision/);
    assert.equal((await runMedseal(...made, ...terms, '--yes')).code, 0);
    const network = JSON.parse(await readFile(`${data}/network.json`, 'utf8')) as NetworkFile;
    assert.deepEqual(network.claims, { term: 1_209_600 });
    const other = await runMedseal(...made, '--claim-term', '8d', '--yes');
    assert.equal(codeOf(other), 'CEREMONY_INVALID');
    for (const wrong of ['-1', '0', '7', 'weekly', '9999y'])
      assert.notEqual((await runMedseal(...made, '--claim-term', wrong, '--yes')).code, 0, wrong);
  });

  it('refuses the wrong passphrase, other organisations, and a demonstration', async () => {
    const data = `${root}/locked`;
    const wrong = `${root}/wrong.txt`;
    await writeFile(wrong, 'another passphrase');
    const opened = await runMedseal('init', '--data', data, '--passphrase-file', wrong, '--json');
    assert.equal(codeOf(opened), 'PASSPHRASE_WRONG');
    const other = ['--organisations', 'clinic,hospital', '--passphrase-file', secret, '--json'];
    assert.equal(codeOf(await runMedseal('init', '--data', data, ...other)), 'FOLDER_FOREIGN');
    const weak = `${root}/weak.txt`;
    await writeFile(weak, 'short');
    const fresh = ['init', '--data', `${root}/weak`, '--passphrase-file', weak, '--json'];
    assert.equal(codeOf(await runMedseal(...fresh)), 'PASSPHRASE_WEAK');
    const both = ['init', '--organisation', 'a', '--organisations', 'a,b', '--plain-keys'];
    assert.equal((await runMedseal(...both, '--data', `${root}/both`)).code, 2);
    assert.equal((await runMedseal('init', '--organisations', '../a')).code, 2);
  });
});

describe('medseal up', () => {
  it('runs it until it is told to stop, and says on standard output alone that it is ready', async () => {
    const node = await startNode(suite, `${root}/locked`, '--passphrase-file', secret);
    const { urls, organisations, networkId } = node.ready;
    assert.deepEqual(organisations, ['clinic', 'pharmacy']);
    const network = await fetch(`${urls.agents}/clinic/v1/network`);
    assert.equal(((await network.json()) as { networkId: string }).networkId, networkId);
    assert.equal((await fetch(`${urls.operate}/readyz`)).status, 200);
    const second = ['up', '--data', `${root}/locked`, '--passphrase-file', secret, '--json'];
    assert.equal(codeOf(await runMedseal(...second)), 'FOLDER_LOCKED');
    // A running node is checked as far as that is possible.
    const checked = await runMedseal('up', '--data', `${root}/locked`, '--check', '--json');
    assert.equal(checked.code, 0, checked.stdout);
    const { code, stdout, stderr } = await node.stop();
    assert.equal(code, 0);
    assert.equal(stdout.trim().split('\n').length, 1);
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    assert.equal(events[0], 'starting');
    assert.deepEqual(events.slice(-2), ['stopping', 'stopped']);
  });

  it('takes its passphrase from systemd’s credentials', async () => {
    await writeFile(`${root}/medseal.passphrase`, 'five random words are good\n');
    process.env['CREDENTIALS_DIRECTORY'] = root;
    try {
      const checked = await runMedseal('up', '--data', `${root}/locked`, '--check', '--json');
      assert.partialDeepStrictEqual(JSON.parse(checked.stdout), { passphrase: 'right' });
    } finally {
      delete process.env['CREDENTIALS_DIRECTORY'];
    }
  });

  it('takes a variable of the environment that is empty for none', async () => {
    const check = ['up', '--data', `${root}/locked`, '--check', '--json'];
    const checked = await runMedseal(...check, '--passphrase-file', '');
    assert.partialDeepStrictEqual(JSON.parse(checked.stdout), { passphrase: 'not checked' });
  });

  it('does not start without its passphrase, or with another', async () => {
    const up = ['up', '--data', `${root}/locked`, '--json'];
    assert.equal(codeOf(await runMedseal(...up)), 'ARGUMENT_INVALID');
    const wrong = await runMedseal(...up, '--passphrase-file', `${root}/wrong.txt`);
    assert.equal(codeOf(wrong), 'PASSPHRASE_WRONG');
  });

  it('checks configuration and folder, and starts nothing', async () => {
    const check = ['up', '--data', `${root}/plain`, '--check', '--json'];
    const sound = await runMedseal(...check);
    assert.equal(sound.code, 0, sound.stdout);
    assert.partialDeepStrictEqual(JSON.parse(sound.stdout), { ok: true, passphrase: 'none' });
    const set = await runMedseal(...check, '--set', 'listen.prot=1');
    const { error } = JSON.parse(set.stdout) as { error: { code: string; values: object } };
    assert.equal(error.code, 'CONFIGURATION_INVALID');
    assert.partialDeepStrictEqual(error.values, { key: 'listen.prot' });
    const stranger = await runMedseal(...check, '--set', 'peers.urls=bank=http://bank.example');
    assert.equal(codeOf(stranger), 'CONFIGURATION_INVALID');
    const nowhere = await runMedseal('up', '--data', `${root}/nowhere`, '--check', '--json');
    assert.equal(codeOf(nowhere), 'NODE_ABSENT');
    await assert.rejects(stat(`${root}/nowhere`), 'it makes no folder');
    await writeFile(`${root}/newer.json`, '{"listen":{"port":"8480"}}');
    const typed = await runMedseal(...check, '--config', `${root}/newer.json`);
    assert.equal(codeOf(typed), 'CONFIGURATION_INVALID');
  });

  it('says if no native build of the curve fits the machine', async () => {
    const check = ['up', '--data', `${root}/plain`, '--check', '--json'];
    const here = await runMedseal(...check);
    assert.partialDeepStrictEqual(JSON.parse(here.stdout), { curve: 'native' });
    const elsewhere = spawnSync(process.execPath, ['--import', WITHOUT_ADDON, MAIN, ...check], {
      encoding: 'utf8',
    });
    assert.equal(elsewhere.status, 0, elsewhere.stderr);
    assert.partialDeepStrictEqual(JSON.parse(elsewhere.stdout), { curve: 'portable' });
  });

  it('prints the schema of its configuration', async () => {
    const { code, stdout } = await runMedseal('up', '--schema');
    assert.equal(code, 0);
    const published = await readFile(
      new URL('../../../docs/reference/medseal.schema.json', import.meta.url),
      'utf8',
    );
    assert.deepEqual(JSON.parse(stdout), JSON.parse(published));
  });

  it('refuses ports that are in use', async () => {
    const node = await startNode(suite, `${root}/plain`);
    const { port } = new URL(node.ready.urls.agents);
    const other = ['up', '--data', `${root}/locked`, '--passphrase-file', secret, '--json'];
    const taken = await runMedseal(...other, '--operate-port', '0', '--port', port);
    assert.equal(codeOf(taken), 'PORT_IN_USE');
    assert.equal((await node.stop()).code, 0);
  });
});

describe('who runs a node', () => {
  const party = `0x${'ab'.repeat(20)}`;

  it('approves who applies, by name of what they become, or declines them with a reason', async () => {
    const data = ['--data', `${root}/plain`];
    const nobody = await runMedseal('party', 'waiting', ...data);
    assert.deepEqual([nobody.code, nobody.stdout], [0, 'No applicants wait.\n']);
    const blind = await runMedseal('party', 'approve', party, ...data, '--yes', '--json');
    assert.equal(codeOf(blind), 'ARGUMENT_INVALID');
    const ahead = ['--role', 'doctor', '--at', 'clinic'];
    const unasked = await runMedseal('party', 'approve', party, ...data, ...ahead, '--json');
    assert.equal(codeOf(unasked), 'NOT_CONFIRMED');
    const done = await runMedseal('party', 'approve', party, ...data, ...ahead, '--yes');
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stderr, new RegExp(`${party}\\nbecomes a doctor of clinic`));
    const waiting = `${root}/plain/authority/clinic/waiting`;
    await mkdir(waiting, { recursive: true });
    const other = `0x${'cd'.repeat(20)}`;
    const recipient = `0x${'11'.repeat(32)}`;
    const asked = { party: other, role: 'nurse', organisation: 'clinic', recipient };
    await writeFile(`${waiting}/${other}.json`, JSON.stringify(asked));
    const why = ['--reason', 'other-role', ...data, '--json'];
    assert.equal(codeOf(await runMedseal('party', 'decline', party, ...why)), 'ARGUMENT_INVALID');
    assert.equal(codeOf(await runMedseal('party', 'decline', other, ...why)), 'NOT_CONFIRMED');
    const declined = await runMedseal('party', 'decline', other, ...why, '--yes');
    assert.equal(declined.code, 0, declined.stderr);
    assert.match(declined.stderr, /nurse of clinic. The applicant reads: other role/);
    assert.equal((await runMedseal('party', 'waiting', ...data)).stdout, 'No applicants wait.\n');
    const decision = `${root}/plain/authority/clinic/declined/${other}.json`;
    assert.deepEqual(JSON.parse(await readFile(decision, 'utf8')), {
      ...asked,
      reason: 'other-role',
    });
    const file = `${root}/plain/authority/clinic/approved/${party}.json`;
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {
      party,
      role: 'doctor',
      organisation: 'clinic',
    });
  });
});
