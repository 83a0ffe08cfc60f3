import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { ownFolderOf } from '../test/ownFolderOf.ts';
import { refused } from '../test/refused.ts';
import type { Run } from '../test/runMedseal.ts';
import { startPeople, type People } from '../test/startPeople.ts';

/** A change of a network by commands: a new key, its signatures from folder to folder, and the node that takes it. */

let people: People;
let change: string;
let exchange: string;

before(async () => {
  people = await startPeople();
  exchange = join(people.folder, 'exchange');
  await mkdir(exchange);
  change = join(exchange, 'change.json');
});
after(async () => {
  await people.end();
});

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

async function ask<Answer>(...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}

interface Signed {
  readonly signedBy: readonly string[];
  readonly missing: readonly unknown[];
  readonly fingerprint: string;
}

interface Listed {
  readonly coming: readonly {
    readonly number: number;
    readonly from: number;
    readonly changes: readonly string[];
  }[];
  readonly begun: readonly {
    readonly what: string;
    readonly readyAt: number;
    readonly number?: number;
  }[];
}

describe('a change of a network by commands', () => {
  let hospital: string;
  let laboratory: string;

  it('begins with new keys of an organisation, which its folder keeps beside the old ones', async () => {
    hospital = await ownFolderOf(people, 'hospital');
    laboratory = await ownFolderOf(people, 'laboratory');
    const at = ['--exchange', exchange, '--url', 'http://laboratory.example'];
    interface Identity {
      readonly coordinator: string;
      readonly authority: string;
      readonly file: string;
    }
    const identity = ['network', 'identity', '--data', laboratory, ...at];
    const old = await ask<Identity>(...identity);
    const fresh = await ask<Identity>(...identity, '--new-keys');
    assert.notEqual(fresh.coordinator, old.coordinator);
    assert.notEqual(fresh.authority, old.authority);
    assert.deepEqual(await ask<Identity>(...identity), fresh);
    const all = ['network', 'identity', '--data', people.network, ...at];
    refused(await run(...all), 'ARGUMENT_INVALID', 2);
    refused(await run(...identity, '--organisation', 'insurer'), 'ARGUMENT_INVALID', 2);
  });

  it('is shown before anybody signs it, and says what is missing', async () => {
    const identity = join(exchange, 'laboratory.identity.json');
    const propose = ['network', 'propose', change, '--data', hospital, '--identity', identity];
    const unsaid = await run(...propose, '--yes');
    refused(unsaid, 'ARGUMENT_INVALID', 2);
    assert.match(unsaid.stderr, /name it with --new-keys, or another organisation needs another/);
    propose.push('--new-keys', 'laboratory');
    const asked = await run(...propose);
    refused(asked, 'NOT_CONFIRMED');
    assert.match(asked.stderr, /the log care\/laboratory has the key /);
    assert.match(asked.stderr, /laboratory has the key 0x[0-9a-f]{40} among the authority/);
    assert.match(asked.stderr, /laboratory has the key 0x[0-9a-f]{40} among the coordinators of/);
    const signed = await ask<Signed>(...propose, '--yes');
    assert.deepEqual(signed.signedBy, ['hospital']);
    assert.deepEqual(
      signed.missing.map((each) => (each as { count: number }).count),
      [1, 1],
    );
    refused(await run(...propose, '--yes'), 'ARGUMENT_INVALID', 2);
    const early = await run('network', 'publish', change, '--data', hospital);
    refused(early, 'SUCCESSOR_INVALID');
  });

  it('is refused from a stranger, from another file, and beside one that was signed', async () => {
    const other = join(exchange, 'other.json');
    const at = ['--data', hospital, '--yes'];
    const stranger = ['network', 'propose', other, ...at, '--leave', 'mallory'];
    refused(await run(...stranger), 'ARGUMENT_INVALID', 2);
    const weak = ['network', 'propose', other, ...at, '--authority', '1'];
    refused(await run(...weak), 'ARGUMENT_INVALID', 2);
    const nothing = await run('network', 'propose', other, ...at, '--instead', '--writes', '2');
    refused(nothing, 'ARGUMENT_INVALID', 2);
    assert.match(nothing.stderr, /nothing changes by it/);
    const second = ['network', 'propose', other, ...at, '--authority', '3'];
    refused(await run(...second), 'SUCCESSOR_INVALID');
    const round = ['--data', hospital, '--instead'];
    const limited = ['network', 'propose', other, ...round, '--categories'];
    const asked = await run(...limited, 'vitals');
    refused(asked, 'NOT_CONFIRMED');
    assert.match(asked.stderr, /care: records of these categories may be written: vitals/);
    assert.equal((await run(...limited, 'genomes')).code, 2);
    const listed = ['network', 'propose', other, ...round, '--controlled-medicines'];
    const shown = await run(...listed, 'http://www.whocc.no/atc|N02A*');
    refused(shown, 'NOT_CONFIRMED');
    assert.match(shown.stderr, /care: these medicines need a second doctor: http.*\|N02A\*/);
    refused(await run(...listed, 'N02A'), 'ARGUMENT_INVALID', 2);
    await writeFile(other, '{}');
    refused(await run('network', 'sign', other, '--data', laboratory), 'ARGUMENT_INVALID', 2);
    const altered = { ...(JSON.parse(await readFile(change, 'utf8')) as Successor), from: 1 };
    await writeFile(other, JSON.stringify(altered));
    const signing = ['network', 'sign', other, '--data', laboratory, '--yes'];
    refused(await run(...signing), 'SUCCESSOR_INVALID');
    // Of a note that is cut off nobody knows what was signed.
    const note = join(laboratory, 'signed-successor.json');
    await writeFile(note, '{"format":');
    const torn = ['network', 'sign', change, '--data', laboratory, '--yes'];
    refused(await run(...torn), 'FOLDER_FOREIGN');
    await rm(note);
  });

  it('is signed by the next, with the keys that are still in office, and taken by the node', async () => {
    const signed = await ask<Signed>('network', 'sign', change, '--data', laboratory, '--yes');
    assert.deepEqual(signed.signedBy.toSorted(), ['hospital', 'laboratory']);
    assert.deepEqual(signed.missing, []);
    const again = await ask<Signed>('network', 'sign', change, '--data', laboratory, '--yes');
    assert.deepEqual(again, signed);
    const publish = ['network', 'publish', change, '--data', hospital];
    const placed = await ask<{ number: number; fingerprint: string }>(...publish);
    assert.equal(placed.number, 1);
    assert.equal(placed.fingerprint, signed.fingerprint);
    assert.deepEqual(await ask(...publish), placed);
    const status = await people
      .demo('patient')
      .ask<{ coming: readonly { number: number }[] }>('status');
    assert.deepEqual(
      status.coming.map(({ number }) => number),
      [1],
    );
    const { successors } = await httpAgent(`${people.dev.ready.url}/insurer`).successors();
    assert.deepEqual(successors, [JSON.parse(await readFile(change, 'utf8'))]);
  });

  it('is not signed by a stranger, who is told so', async () => {
    const data = join(people.folder, 'mallory');
    const own = ['--organisation', 'mallory', '--url', 'http://mallory.example', '--plain-keys'];
    await ask('init', '--data', data, ...own, '--exchange', exchange);
    const before = await run('network', 'sign', change, '--data', data, '--yes');
    refused(before, 'NETWORK_ABSENT');
    await copyFile(join(people.network, 'network.json'), join(data, 'network.json'));
    const signed = await run('network', 'sign', change, '--data', data, '--yes');
    refused(signed, 'SUCCESSOR_INVALID');
    assert.match(signed.stderr, /mallory has no office in the file that it follows/);
  });

  it('is waited for by the next one of the same office', async () => {
    const insurer = await ownFolderOf(people, 'insurer');
    await copyFile(join(people.network, 'successors.json'), join(insurer, 'successors.json'));
    const next = ['network', 'propose', join(exchange, 'next.json'), '--data', insurer];
    const early = await run(...next, '--authority', '3', '--after', '9d', '--yes');
    refused(early, 'SUCCESSOR_INVALID');
    assert.match(early.stderr, /change 1 of the authority is not made yet/);
    // Changes of an organisation or a stake need nothing of the office.
    refused(await run(...next, '--categories', 'vitals', '--after', '9d'), 'NOT_CONFIRMED');
  });

  it('is listed for whoever verifies the network, with what the ledger has begun of it', async () => {
    const { url, rpcUrl } = people.dev.ready;
    const verify = ['verify', 'network', join(people.network, 'network.json')];
    const { from } = JSON.parse(await readFile(change, 'utf8')) as Successor;
    const found = await ask<Listed>(...verify, '--url', url, '--rpc', rpcUrl);
    assert.deepEqual(
      found.coming.map((each) => [each.number, each.from]),
      [[1, from]],
    );
    assert.match(found.coming[0]?.changes.join() ?? '', /laboratory has the key 0x.* authority/);
    assert.deepEqual(
      found.begun.map(({ what, number }) => [what, number]),
      [
        ['authority', 1],
        ['coordinators', 1],
      ],
    );
    assert.ok(
      found.begun.every(({ readyAt }) => readyAt > from - 7 * 24 * 3600 && readyAt <= from),
    );
    const { stdout } = await run(...verify, '--url', url, '--rpc', rpcUrl);
    assert.match(stdout, /change 1 of the network holds from 20.* UTC on; fingerprint 0x/);
    assert.match(stdout, /begun to change the authority,.*UTC\s+on; it is part of change 1/);
    // A ledger alone does not say what the change is.
    const alone = await ask<Listed>(...verify, '--rpc', rpcUrl);
    assert.deepEqual(
      [alone.coming, alone.begun.map(({ number }) => number)],
      [[], [undefined, undefined]],
    );
    assert.deepEqual((await ask<Listed>(...verify, '--url', url)).begun, []);
  });

  it('is followed by whoever verifies with the first file and its successors, unless it was altered', async () => {
    const { url } = people.dev.ready;
    const given = await httpAgent(`${url}/laboratory`).successors();
    const path = join(exchange, 'successors.json');
    await writeFile(path, JSON.stringify(given));
    const first = join(people.network, 'network.json');
    const verify = ['verify', 'log', '--url', url, '--network', first, '--successors', path];
    const verified = await run(...verify);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const [one = assert.fail()] = given.successors;
    const altered = { ...given, successors: [{ ...one, signatures: [] }] };
    await writeFile(path, JSON.stringify(altered));
    refused(await run(...verify), 'SUCCESSOR_INVALID');
  });

  it('is kept beside another one that was signed too, and everybody sees the proof until it is decided', async () => {
    const other = join(exchange, 'second.json');
    const at = ['--yes', '--instead'];
    const wish = ['--after', '5d', '--authority', '3'];
    await ask('network', 'propose', other, '--data', hospital, ...at, ...wish);
    const signed = await ask<Signed>('network', 'sign', other, '--data', laboratory, ...at);
    assert.deepEqual(signed.missing, []);
    refused(await run('network', 'publish', other, '--data', hospital), 'SUCCESSOR_INVALID');
    const { url } = people.dev.ready;
    const first = join(people.network, 'network.json');
    const verified = await run('verify', 'network', first, '--url', url);
    assert.equal(verified.code, 1);
    assert.match(
      verified.stdout,
      /node of hospital.*\n?.*proof that change 1 was signed twice, for\s+0x[0-9a-f]{64}/,
    );
    const status = await people.demo('patient').run('status');
    assert.match(status.stdout, /proof\s+that\s+change\s+1\s+was\s+signed\s+twice/);
    const settle = ['network', 'settle', '--keep', signed.fingerprint];
    refused(await run(...settle, '--data', people.network, '--yes'), 'FOLDER_LOCKED');
    refused(await run(...settle, '--data', hospital, '--yes'), 'NOT_FOUND');
    refused(
      await run('network', 'settle', '--keep', '0x1', '--data', hospital),
      'ARGUMENT_INVALID',
      2,
    );
    for (const file of ['successors.json', 'succession-fork.json']) {
      await copyFile(join(people.network, file), join(hospital, file));
    }
    refused(await run(...settle, '--data', hospital), 'NOT_CONFIRMED');
    const settled = await ask<{ number: number }>(...settle, '--data', hospital, '--yes');
    assert.equal(settled.number, 1);
    const kept = await readFile(join(hospital, 'successors.json'), 'utf8');
    assert.deepEqual((JSON.parse(kept) as { successors: unknown }).successors, [
      JSON.parse(await readFile(other, 'utf8')),
    ]);
  });

  it('leaves devices as they are until it is in force', async () => {
    const shown = await people.demo('patient').ask<{ role: string }>('party', 'show');
    assert.equal(shown.role, 'patient');
  });
});
