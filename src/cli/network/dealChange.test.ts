import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDealing, type Dealing } from '../../protocol/dealing/Dealing.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** A release key that three folders deal by commands; no node runs. */

const ALL = ['hospital', 'laboratory', 'insurer'] as const;
const ends: (() => unknown)[] = [];
let root: string;
let change: string;

before(async () => {
  root = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
  await mkdir(`${root}/exchange`);
  for (const name of ALL) {
    const url = ['--url', `https://${name}.example`, '--plain-keys'];
    await ask('init', '--organisation', name, ...url, ...folders(name));
  }
  for (const name of ALL) {
    const found = name === 'hospital' ? ['--found', '--unguarded'] : [];
    await ask('init', ...found, ...folders(name), '--yes');
  }
  change = join(root, 'change.json');
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

function folders(name: string): readonly string[] {
  return ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
}

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

interface Dealt {
  readonly added: readonly string[];
  readonly missing: readonly string[];
}

interface Signed {
  readonly signedBy: readonly string[];
  readonly missing: readonly { readonly office: string; readonly count: number }[];
}

async function ask<Answer>(...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, `${args.join(' ')}\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Answer;
}

function verb(name: string, at: string, ...more: readonly string[]): readonly string[] {
  return ['network', name, change, '--data', `${root}/${at}`, ...more];
}

async function read(): Promise<Dealing> {
  const value: unknown = JSON.parse(await readFile(change, 'utf8'));
  assert.ok(isDealing(value));
  return value;
}

async function sharesOf(name: string): Promise<number> {
  const names = await readdir(`${root}/${name}/node/${name}`);
  return names.filter((each) => each.startsWith('share-')).length;
}

describe('a release key that is dealt by commands', () => {
  it('is proposed after the terms were shown, and for what can be', async () => {
    const propose = verb('propose', 'hospital', '--after', '2h', '--release-key');
    refused(await run(...propose, 'refresh', '--yes'), 'SUCCESSOR_INVALID');
    assert.equal((await run(...propose, 'old', '--yes')).code, 2);
    const asked = await run(...propose, 'new');
    refused(asked, 'NOT_CONFIRMED');
    assert.match(asked.stderr, /a new release key: hospital, insurer, laboratory get a share each/);
    assert.match(asked.stderr, /and 2 of them\s+open/);
    const dealt = await ask<Dealt>(...propose, 'new', '--yes');
    assert.deepEqual(dealt.added, ['the recipient of hospital']);
    assert.deepEqual(dealt.missing, ['insurer, laboratory must give a recipient']);
    refused(await run(...propose, 'new', '--yes'), 'ARGUMENT_INVALID', 2);
  });

  it('goes round, adds what each can give, and is not signed before', async () => {
    refused(await run(...verb('sign', 'hospital', '--yes')), 'DEALS_MISSING');
    refused(await run(...verb('deal', 'laboratory')), 'NOT_CONFIRMED');
    for (const name of ['laboratory', 'insurer']) await ask(...verb('deal', name, '--yes'));
    const again = await run(...verb('deal', 'insurer', '--yes'));
    assert.match(again.stdout, /Nothing to add now. Next: hospital, laboratory must deal/);
    const hospital = await ask<Dealt>(...verb('deal', 'hospital', '--yes'));
    assert.deepEqual(hospital.added, ['the deal of hospital']);
    const early = await run(...verb('sign', 'hospital', '--yes'));
    refused(early, 'DEALS_MISSING');
    assert.match(early.stderr, /laboratory must deal/);
    assert.equal(await sharesOf('hospital'), 0);
  });

  it('names whose part somebody altered, and takes it out on demand', async () => {
    const whole = await read();
    const [insurer = assert.fail(), hospital = assert.fail()] = whole.deals;
    const altered = { ...whole, deals: [{ ...insurer, shares: hospital.shares }, hospital] };
    await writeFile(change, JSON.stringify(altered));
    const deal = verb('deal', 'laboratory', '--yes');
    const wrong = await run(...deal);
    refused(wrong, 'DEAL_INVALID');
    assert.match(wrong.stderr, /part of insurer/);
    refused(await run(...deal, '--without', 'mallory'), 'ARGUMENT_INVALID', 2);
    const without = await ask<Dealt>(...deal, '--without', 'insurer');
    assert.deepEqual(without.missing, ['insurer must deal']);
    const recipients = await ask<Dealt>(...deal, '--without', 'insurer');
    assert.deepEqual(recipients.missing, ['insurer must give a recipient']);
    assert.equal((await read()).deals.length, 0);
    await writeFile(change, JSON.stringify({ ...whole, format: 'medseal-dealing/1' }));
    const before = await run(...deal);
    refused(before, 'ARGUMENT_INVALID', 2);
    assert.match(before.stderr, /earlier version of Medseal did: propose the change again/);
    await writeFile(change, JSON.stringify(whole));
    assert.deepEqual((await ask<Dealt>(...deal)).missing, []);
  });

  it('is signed by all, each of whom has kept its share before', async () => {
    const shown = await run(...verb('sign', 'hospital'));
    refused(shown, 'NOT_CONFIRMED');
    assert.match(
      shown.stderr,
      /care: a new release key 0x[0-9a-f]{16}…: hospital, insurer, laboratory/,
    );
    assert.equal(await sharesOf('hospital'), 0);
    const whole = await read();
    const bare = join(root, 'bare.json');
    await writeFile(bare, JSON.stringify(whole.successor));
    const alone = ['network', 'sign', bare, '--data', `${root}/hospital`, '--yes'];
    refused(await run(...alone), 'SUCCESSOR_INVALID');
    refused(
      await run('network', 'deal', bare, '--data', `${root}/hospital`, '--yes'),
      'ARGUMENT_INVALID',
      2,
    );
    for (const name of ['hospital', 'laboratory']) {
      const { missing } = await ask<Signed>(...verb('sign', name, '--yes'));
      assert.equal(await sharesOf(name), 1);
      const office = 'those who get shares of the release key of care';
      const count = name === 'hospital' ? 2 : 1;
      assert.deepEqual(missing.at(-1), { office, count });
    }
    const last = await ask<Signed>(...verb('sign', 'insurer', '--yes'));
    assert.deepEqual(last.missing, []);
    assert.deepEqual(last.signedBy.toSorted(), ALL.toSorted());
    assert.deepEqual(await ask<Signed>(...verb('sign', 'insurer', '--yes')), last);
    // Once more round adds nothing, and takes no signature away.
    assert.deepEqual((await ask<Dealt>(...verb('deal', 'hospital', '--yes'))).added, []);
    assert.equal((await read()).successor.signatures.length, 6);
  });

  it('is neither dealt nor signed by a stranger, nor by one that knows no network', async () => {
    const own = ['--organisation', 'mallory', '--url', 'https://mallory.example', '--plain-keys'];
    await mkdir(`${root}/out`);
    const made = ['--data', `${root}/mallory`, '--exchange', `${root}/out`];
    await ask('init', ...own, ...made);
    const files = ['--network', `${root}/hospital/network.json`];
    for (const name of ['deal', 'sign']) {
      refused(await run(...verb(name, 'mallory', '--yes')), 'NETWORK_ABSENT');
      refused(await run(...verb(name, 'mallory', '--yes', ...files)), 'SUCCESSOR_INVALID');
    }
  });
});
