import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { collectRun, startMedseal } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';
import { until } from '../test/ChannelNodes.ts';

const ALLERGIES = 12;

let former: People;
let people: People;
/** The same person in both networks, with another key in each. */
let there: Person;
let anna: Person;
let from: string;

before(async () => {
  former = await startPeople({ unguarded: true });
  people = await startPeople();
  there = await former.enrolled('anna', 'patient');
  anna = await people.enrolled('anna', 'patient');
  from = join(former.network, 'network.json');
  await writeFile(at('letter.pdf'), '%PDF-1.7 a letter');
  await there.ask('record', 'add', at('letter.pdf'), '--yes');
  for (let number = 0; number < ALLERGIES; number++) {
    const set = `substance=Substance ${number}`;
    await there.ask('record', 'add', '--form', 'allergy', '--set', set, '--yes');
  }
  await there.ask('export', at('anna.tar'));
});
after(async () => {
  await people.end();
  await former.end();
});

function at(name: string): string {
  return join(people.folder, name);
}

interface Imported {
  readonly records: number;
  readonly before: number;
  readonly left: readonly unknown[];
}

interface Listed {
  readonly records: readonly { readonly record: string; readonly category: string }[];
}

async function listed(): Promise<Listed['records']> {
  return (await anna.ask<Listed>('record', 'list')).records;
}

describe('medseal import', () => {
  it('asks first, with the network, the chart and what there is, and does nothing on a no', async () => {
    const { code, stdout, stderr } = await anna.type(
      'n\n',
      'import',
      at('anna.tar'),
      '--from',
      from,
    );
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /12 allergies/);
    assert.match(stdout + stderr, /fingerprint is 0x[0-9a-f]{64}/);
    assert.equal((await listed()).length, 0);
  });

  it('goes on after it was killed in the middle, and adds nothing twice', async () => {
    const file = at('anna.tar');
    const args = ['import', file, '--from', from, '--yes', '--home', at('anna')];
    const child = startMedseal(args);
    const ended = collectRun(child);
    await until('the first records', async () => (await listed()).length > 2);
    child.kill('SIGKILL');
    await ended;
    const cut = (await listed()).length;
    const done = await anna.ask<Imported>('import', file, '--from', from, '--yes');
    assert.deepEqual([done.records, done.left], [ALLERGIES + 2, []]);
    // On a fast machine it may have been done already.
    assert.ok(cut <= ALLERGIES + 2, `${cut}`);
    assert.equal((await listed()).length, ALLERGIES + 2);
    const again = await anna.ask<Imported>('import', file, '--from', from, '--yes');
    assert.equal(again.before, ALLERGIES + 2);
    assert.equal((await listed()).length, ALLERGIES + 2);
  });

  it('gives records that say where they come from, and what proves it offline', async () => {
    const reports = (await listed()).filter(({ category }) => category === 'reports');
    const [allergy] = (await listed()).filter(({ category }) => category === 'allergies');
    assert.ok(allergy);
    await anna.ask('record', 'get', allergy.record, '--out', at('allergy.json'));
    const bundle = JSON.parse(await readFile(at('allergy.json'), 'utf8')) as {
      readonly entry: readonly { readonly resource: { readonly resourceType: string } }[];
    };
    const types = bundle.entry.map(({ resource }) => resource.resourceType);
    assert.deepEqual(types, ['AllergyIntolerance', 'Provenance']);
    const raw = at('allergy.raw');
    await anna.ask('record', 'get', allergy.record, '--raw', '--out', raw);
    const offline = ['--network', from, '--home', at('nobody')];
    const safe = await collectRun(startMedseal(['verify', 'origin', raw, ...offline]));
    assert.match(safe.stdout, /Safe .*allergy\.raw\n.*in the log care\/hospital/);
    assert.equal(safe.code, 0);
    const here = join(people.network, 'network.json');
    const other = await anna.run('verify', 'origin', raw, '--network', here);
    assert.deepEqual([other.code, /comes from the network/.test(other.stdout)], [1, true]);
    const text = await readFile(raw, 'utf8');
    await writeFile(raw, text.replace('Substance ', 'Substanze '));
    const altered = await anna.run('verify', 'origin', raw, '--network', from);
    assert.match(altered.stdout, /Not safe.*\n.*not what its author signed/);
    for (const [place, { record }] of reports.entries()) {
      await anna.ask('record', 'get', record, '--raw', '--out', at(`report-${place}`));
    }
    const [letter, told] = await Promise.all(
      [0, 1].map(async (place) => await readFile(at(`report-${place}`))),
    );
    assert.ok(letter && told);
    const [file, part] = letter.subarray(0, 4).toString() === '%PDF' ? [0, 1] : [1, 0];
    const args = ['verify', 'origin', at(`report-${part}`), '--network', from];
    assert.equal((await anna.run(...args)).code, 3);
    assert.equal((await anna.run(...args, '--file', at(`report-${file}`))).code, 0);
    assert.equal((await anna.run(...args, '--file', from)).code, 1);
  });

  it('refuses archives of another network, of this very chart, and files that are something else', async () => {
    const here = join(people.network, 'network.json');
    await anna.ask('export', at('own.tar'));
    const refusals = [
      [at('anna.tar'), here],
      [at('own.tar'), here],
      [at('letter.pdf'), from],
      [at('absent.tar'), from],
      [at('anna.tar'), at('letter.pdf')],
    ] as const;
    for (const [file, network] of refusals) {
      const { code, stderr } = await anna.run('import', file, '--from', network, '--yes');
      assert.notEqual(code, 0, `${file} ${network}: ${stderr}`);
    }
    assert.equal((await anna.run('import', at('anna.tar'), '--yes')).code, 2);
    assert.equal((await listed()).length, ALLERGIES + 2);
  });
});
