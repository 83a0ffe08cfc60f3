import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { runProgram } from '../program/runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** A further channel by commands: it is founded, listed and admitted; no node runs. */

const ORGANISATIONS = ['hospital', 'laboratory'] as const;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
let root: string;

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

async function ask<Answer>(...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Answer;
}

function at(...names: readonly string[]): string {
  return join(root, ...names);
}

async function identify(place: string, name: string, ...more: readonly string[]): Promise<void> {
  const own = ['--organisation', name, '--url', `https://${place}.${name}.example`];
  const where = ['--data', at(place, name), '--exchange', at(place, 'exchange')];
  await ask('init', ...own, ...where, '--plain-keys', ...more);
}

/** The command line that founds the channel. */
function founding(...more: readonly string[]): readonly string[] {
  const where = ['--data', at('research/hospital'), '--exchange', at('research/exchange')];
  return ['init', '--found', ...where, ...more];
}

before(async () => {
  root = await temporaryFolder(suite);
  for (const name of ORGANISATIONS) {
    await identify('care', name);
  }
  const where = ['--exchange', at('care/exchange'), '--yes'];
  await ask('init', '--found', '--data', at('care/hospital'), ...where);
  await ask('init', '--data', at('care/laboratory'), ...where);
  await mkdir(at('research'));
  for (const name of ORGANISATIONS) {
    await identify('research', name, '--on', at('care', name));
  }
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

describe('a further channel by commands', () => {
  it('is refused without a name, with the name alone, or with all organisations in one folder', async () => {
    const unnamed = await run(...founding('--on', at('care/hospital')), '--yes');
    refused(unnamed, 'NETWORK_FILE_INVALID');
    refused(await run(...founding('--channel', 'research')), 'ARGUMENT_INVALID', 2);
    const several = ['init', '--data', at('several'), '--organisations', 'a,b', '--plain-keys'];
    refused(await run(...several, '--on', at('care/hospital')), 'ARGUMENT_INVALID', 2);
    refused(await run(...founding('--on', at('research/laboratory'))), 'NETWORK_ABSENT');
  });

  it('is shown before it is founded: name, categories, and the network whose ledger it uses', async () => {
    const terms = ['--on', at('care/hospital'), '--channel', 'research', '--categories', 'vitals'];
    const asked = await run(...founding(...terms));
    refused(asked, 'NOT_CONFIRMED');
    assert.match(asked.stderr, /channel: research\n\s+records of these categories alone: vitals/);
    assert.match(asked.stderr, /ledger: that of the network 0x[0-9a-f]{64}/);
    assert.doesNotMatch(asked.stderr, /keeps its ledger/);
    const founded = await ask<{ fingerprint: string }>(...founding(...terms), '--yes');
    const joining = ['init', '--data', at('research/laboratory')];
    const where = ['--exchange', at('research/exchange')];
    refused(await run(...joining, ...where, '--yes'), 'CEREMONY_INVALID');
    const on = ['--on', at('care/laboratory/network.json')];
    const shown = await run(...joining, ...where, ...on);
    refused(shown, 'NOT_CONFIRMED');
    assert.match(shown.stderr, /channel: research/);
    assert.match(shown.stderr, /is that of {2}the network 0x/);
    const joined = await ask<{ fingerprint: string }>(...joining, ...where, ...on, '--yes');
    assert.equal(joined.fingerprint, founded.fingerprint);
  });

  it('finds the ledger where the first node has it, and says if that is not known', async () => {
    const settings = await readFile(at('research/hospital/medseal.json'), 'utf8');
    assert.deepEqual(JSON.parse(settings), {
      $schema: './medseal.schema.json',
      ledger: { url: 'http://127.0.0.1:8545' },
    });
    await ask('up', '--check', '--data', at('research/hospital'));
    await writeFile(at('research/hospital/medseal.json'), '{}');
    const lost = await run('up', '--check', '--data', at('research/hospital'));
    refused(lost, 'CONFIGURATION_INVALID');
    assert.match(lost.stderr, /ledger\.url/);
    await writeFile(at('research/hospital/medseal.json'), settings);
  });

  it('is listed in the folder of the first node that is on its machine, and in its own', async () => {
    interface Listed {
      readonly channels: readonly { name: string; data: string; categories?: string[] }[];
    }
    const listed = await ask<Listed>('channel', 'list', '--data', at('care/hospital'));
    assert.deepEqual(
      listed.channels.map(({ name, data, categories }) => [name, data, categories]),
      [
        ['care', at('care/hospital'), undefined],
        ['research', at('research/hospital'), ['vitals']],
      ],
    );
    // Its first node was named by its file, as one on another machine is.
    const elsewhere = await ask<Listed>('channel', 'list', '--data', at('care/laboratory'));
    assert.deepEqual(
      elsewhere.channels.map(({ name }) => name),
      ['care'],
    );
    const own = await ask<Listed>('channel', 'list', '--data', at('research/laboratory'));
    assert.deepEqual(
      own.channels.map(({ name }) => name),
      ['research'],
    );
    refused(await run('channel', 'list', '--data', at('nowhere')), 'NODE_ABSENT');
  });

  it('has its accounts admitted by a file that tells nothing else of it, once shown', async () => {
    const accounts = at('research/exchange/accounts.json');
    const text = await readFile(accounts, 'utf8');
    assert.doesNotMatch(text, /research|vitals|medseal-network/);
    const admit = ['channel', 'admit', accounts, '--data', at('care/laboratory')];
    const asked = await run(...admit);
    refused(asked, 'NOT_CONFIRMED');
    const network = JSON.parse(
      await readFile(at('research/hospital/network.json'), 'utf8'),
    ) as NetworkFile;
    const senders = (network.founders ?? []).map(({ sender }) => sender);
    for (const sender of senders) assert.ok(asked.stderr.includes(sender));
    const admitted = await ask<{ by: string[] }>(...admit, '--yes');
    assert.deepEqual(admitted.by, ['laboratory']);
    const files = await readdir(at('care/laboratory/authority/laboratory/admitted'));
    assert.deepEqual(files.toSorted(), senders.map((sender) => `${sender}.json`).toSorted());
  });

  it('has nothing admitted by a file of another network, or one that is malformed', async () => {
    const accounts = at('research/exchange/accounts.json');
    const other = at('other.json');
    const admit = ['channel', 'admit', other, '--data', at('care/hospital'), '--yes'];
    for (const text of ['{', '{}', '{"format":"medseal-accounts/1"}']) {
      await writeFile(other, text);
      refused(await run(...admit), 'CEREMONY_INVALID');
    }
    await copyFile(accounts, other);
    const there = ['channel', 'admit', other, '--data', at('research/hospital'), '--yes'];
    refused(await run(...there), 'CEREMONY_INVALID');
    const left = await readdir(at('care/hospital/authority/hospital'));
    assert.ok(!left.includes('admitted'));
  });
});
