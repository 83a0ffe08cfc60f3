import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { refused } from '../test/refused.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

/** The reference implementation, built from the Go module proxy. */
const AGE = 'filippo.io/age/cmd/...@v1.3.1';
const GO = process.env['GO'] ?? 'go';
const skip = spawnSync(GO, ['version']).status === 0 ? false : 'Go is not on this machine';

let people: People;
let anna: Person;
let ben: Person;
let house: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  ben = await people.enrolled('ben', 'patient');
  house = await people.enrolled('house', 'doctor');
  for (const [name, category, text] of [
    ['report.txt', 'reports', 'a report'],
    ['image.txt', 'imaging', 'an image'],
  ] as const) {
    await writeFile(at(name), text);
    await anna.ask('record', 'add', at(name), '--raw', '--category', category, '--yes');
  }
  await ben.ask('record', 'add', at('report.txt'), '--raw', '--category', 'reports', '--yes');
});

after(async () => await people.end());

function at(name: string): string {
  return join(people.folder, name);
}

/** Writes the sealed file of the only record of a category on somebody's own chart. */
async function sealed(person: Person, category: string): Promise<string> {
  const { records } = await person.ask<{ records: { record: string; category: string }[] }>(
    'record',
    'list',
  );
  const record = records.find((each) => each.category === category)?.record ?? '';
  const file = at(`${person.name}.${category}.age`);
  await person.ask('record', 'get', record, '--sealed', '--out', file, '--force');
  return file;
}

/** Opens a file with the tool, once it was built. */
function age(identities: string, file: string): ReturnType<typeof spawnSync> {
  return spawnSync(at('age'), ['--decrypt', '--identity', at(identities), file]);
}

describe('the identities that are a patient’s alone', () => {
  // @attack somebody puts a link or a file where identities are to be written, or lets others read them | refused; the file is its owner’s alone
  it('are written for their owner, with a warning, and named without their keys', async () => {
    const out = at('anna.age.txt');
    const run = await anna.run('key', 'identities', '--out', out, '--yes');
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /reads them without a node, and you never learn of it/);
    assert.equal((await stat(out)).mode & 0o777, 0o600);
    const text = await readFile(out, 'utf8');
    assert.match(text, /^# Medseal: identities of anna alone/);
    assert.equal(text.match(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/gm)?.length, 2);
    const told = await anna.run('key', 'identities', '--out', at('more'), '--yes', '--json');
    assert.equal(told.stdout.includes('AGE-SECRET'), false);
    const { identities } = JSON.parse(told.stdout) as { identities: { category: string }[] };
    assert.deepEqual(
      identities.map(({ category }) => category),
      ['imaging', 'reports'],
    );
  });

  it('are of the categories that are named', async () => {
    const out = at('reports.age.txt');
    await anna.ask('key', 'identities', '--category', 'reports', '--out', out, '--yes');
    assert.equal((await readFile(out, 'utf8')).match(/^AGE-SECRET/gm)?.length, 1);
  });

  it('are not written over a file, without a yes, for a category without records, or for a doctor', async () => {
    const over = at('anna.age.txt');
    refused(await anna.run('key', 'identities', '--out', over, '--yes'), 'ARGUMENT_INVALID', 2);
    const none = at('none.txt');
    refused(await anna.run('key', 'identities', '--out', none), 'NOT_CONFIRMED');
    const empty = ['--category', 'vitals', '--out', none, '--yes'];
    refused(await anna.run('key', 'identities', ...empty), 'NOT_FOUND');
    const run = await house.run('key', 'identities', '--out', none, '--yes');
    refused(run, 'ARGUMENT_INVALID', 2);
    assert.match(run.stderr, /house: this is not the key of a patient/);
    await assert.rejects(readFile(none));
  });

  it('open the patient’s own records in another age tool, and nothing else', { skip }, async () => {
    execFileSync(GO, ['install', AGE], { env: { ...process.env, GOBIN: people.folder } });
    const [report, image] = [await sealed(anna, 'reports'), await sealed(anna, 'imaging')];
    assert.equal(age('anna.age.txt', report).stdout.toString(), 'a report');
    assert.equal(age('anna.age.txt', image).stdout.toString(), 'an image');
    assert.equal(age('reports.age.txt', report).stdout.toString(), 'a report');
    for (const [identities, file] of [
      ['reports.age.txt', image],
      ['anna.age.txt', await sealed(ben, 'reports')],
    ] as const) {
      const { status, stderr } = age(identities, file);
      assert.notEqual(status, 0);
      assert.match(stderr.toString(), /no identity matched any of the recipients/);
    }
  });

  // @attack a thief of exported identities opens records of others, or what is sealed in a later epoch | they open neither
  it('open nothing that is sealed in a later epoch', { skip }, async () => {
    await anna.ask('record', 'erase', 'reports', '--yes');
    await writeFile(at('later.txt'), 'a later report');
    await anna.ask('record', 'add', at('later.txt'), '--raw', '--category', 'reports', '--yes');
    const { records } = await anna.ask<{ records: { record: string; epoch: number }[] }>(
      'record',
      'list',
    );
    const [newest] = records.toSorted((left, right) => right.epoch - left.epoch);
    const file = at('later.age');
    await anna.ask('record', 'get', newest?.record ?? '', '--sealed', '--out', file);
    const { status } = age('anna.age.txt', file);
    assert.notEqual(status, 0);
  });

  it('are not there in a network without a release key', async () => {
    const open = await startPeople();
    try {
      const eve = await open.enrolled('eve', 'patient');
      const none = join(open.folder, 'none.txt');
      refused(await eve.run('key', 'identities', '--out', none, '--yes'), 'NOT_FOUND');
    } finally {
      await open.end();
    }
  });
});
