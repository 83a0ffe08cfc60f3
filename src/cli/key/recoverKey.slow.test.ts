import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { writeFolderFile } from '../../folder/FolderFile.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import type { Run } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

/** The delay of the network, milliseconds. */
const DELAY = 3 * 24 * 3600 * 1000;

let people: People;
let house: Person;
let doctor: string;

before(async () => {
  people = await startPeople();
  house = await people.enrolled('house', 'doctor');
  ({ party: doctor } = await house.ask<{ party: string }>('party', 'show'));
  await house.ask('party', 'card', '--out', at('house.card'));
});
after(async () => {
  mock.reset();
  await people.end();
});

function at(name: string): string {
  return join(people.folder, name);
}

async function run(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

/** A folder as an organisation has it that keeps its member's key to itself. */
async function folderOf(organisation: string): Promise<string> {
  const folder = at(`of-${organisation}`);
  await mkdir(join(folder, 'authority', organisation), { recursive: true });
  for (const file of ['network.json', 'home.json', `authority/${organisation}/keys.json`]) {
    await copyFile(join(people.network, file), join(folder, file));
  }
  await writeFolderFile(await openFolder(folder), { demo: true, hosts: [organisation] });
  return folder;
}

/** A device that joined, with a new key of the name. */
async function newcomer(name: string): Promise<Person> {
  const person = people.device(name);
  await person.ask('join', people.dev.ready.url, '--network', `${people.network}/network.json`);
  await person.ask('key', 'new', name);
  return person;
}

async function sign(file: string, folder = people.network): Promise<Run> {
  return await run('party', 'recover', file, '--data', folder, '--yes');
}

interface Told {
  readonly state: string;
  readonly words?: string;
  readonly readyAt?: number;
  readonly address: string;
  readonly organisation?: string;
}

describe('a doctor who lost key and words', () => {
  it('asks with words, and nothing happens with one member, a member twice, or an altered file', async () => {
    const again = await newcomer('again');
    refused(await again.run('key', 'recover'), 'ARGUMENT_INVALID', 2);
    const file = at('again.json');
    const asking = ['key', 'recover', '--party', at('house.card'), '--out', file];
    refused(await again.run(...asking), 'NOT_CONFIRMED');
    const asked = await again.ask<Told>(...asking, '--yes');
    assert.deepEqual([asked.state, asked.address], ['asked', doctor]);
    assert.equal(asked.words?.split(' ').length, 12);

    const hospital = await folderOf('hospital');
    const shown = await run('party', 'recover', file, '--data', hospital);
    refused(shown, 'NOT_CONFIRMED');
    assert.ok(shown.stderr.includes(asked.words ?? '-'), shown.stderr);
    assert.match(shown.stderr, /a doctor of hospital/);
    for (let time = 0; time < 2; time++) {
      assert.match((await sign(file, hospital)).stdout, /^Signed by hospital\. Next: 1 more/);
    }
    const text = await readFile(file, 'utf8');
    const altered = at('altered.json');
    for (const [from, to] of [
      ['"change": ', '"change": 1'],
      ['recovery/1', 'recovery/2'],
      ['"signatures"', '"seals"'],
      [doctor, `0x${'11'.repeat(20)}`],
    ] as const) {
      await writeFile(altered, text.replaceAll(from, to));
      refused(await sign(altered), 'ARGUMENT_INVALID', 2);
    }
    assert.equal((await again.ask<Told>('key', 'recover')).state, 'asked');
    const facts = await house.ask<{ recovery?: unknown }>('party', 'show');
    assert.equal(facts.recovery, undefined);
  });

  it('is warned at each command while somebody else does that, and stops it through another organisation, suspended or not', async () => {
    const thief = await newcomer('thief');
    const file = at('thief.json');
    const asking = ['key', 'recover', '--party', doctor, '--out', file, '--yes'];
    await thief.ask(...asking);
    assert.match((await sign(file)).stdout, /under way\. It takes effect at/);
    assert.match((await sign(file)).stdout, /under way/, 'a second run');
    assert.equal((await thief.ask<Told>('key', 'recover')).state, 'begun');
    const warned = await house.run('inbox');
    assert.equal(warned.code, 0, warned.stderr);
    assert.match(warned.stderr, /giving house another key.*key veto house/s);
    const { recovery } = await house.ask<{ recovery?: { readyAt: number } }>('party', 'show');
    assert.ok(recovery !== undefined && recovery.readyAt * 1000 > Date.now());

    await run('party', 'suspend', doctor, '--data', people.network, '--yes');
    refused(await house.run('key', 'veto'), 'NOT_CONFIRMED');
    const stopped = await house.ask<{ stopped: boolean }>(
      ...(['key', 'veto', '--node', 'laboratory', '--yes'] as const),
    );
    assert.equal(stopped.stopped, true);
    const twice = await house.ask<{ stopped: boolean }>('key', 'veto', '--yes');
    assert.equal(twice.stopped, false);
    await run('party', 'resume', doctor, '--data', people.network, '--yes');
    assert.equal((await thief.ask<Told>('key', 'recover')).state, 'stopped');
    refused(await sign(file), 'ARGUMENT_INVALID', 2);
    assert.doesNotMatch((await house.run('inbox')).stderr, /another key/);
  });

  it('has the party on the new device once the nodes finished it, and the lost key does nothing', async () => {
    const house2 = await newcomer('house2');
    const file = at('house2.json');
    await house2.ask('key', 'recover', '--party', doctor, '--out', file, '--yes');
    await sign(file);
    const { readyAt = 0 } = await house2.ask<Told>('key', 'recover');
    const real = Date.now;
    mock.method(Date, 'now', () => real() + DELAY + 1000);
    assert.ok(Date.now() > readyAt * 1000);
    // Every node finishes it by itself; the state is the signal.
    let told = await house2.ask<Told>('key', 'recover');
    while (told.state === 'begun') told = await house2.ask<Told>('key', 'recover');
    assert.deepEqual(
      [told.state, told.address, told.organisation],
      ['finished', doctor, 'hospital'],
    );
    const { party } = await house2.ask<{ party: string }>('party', 'show');
    assert.equal(party, doctor);
    assert.equal((await house2.run('inbox')).code, 0);
    assert.notEqual((await house.run('inbox')).code, 0);
    refused(await house.run('key', 'veto', '--yes'), 'KEY_CHANGED');
    refused(await house2.run('key', 'recover'), 'ARGUMENT_INVALID', 2);
  });
});

describe('a patient who lost key and words', () => {
  it('has the chart on the new device with the same commands, and the lost key sees nothing more', async () => {
    const anna = await people.enrolled('anna', 'patient');
    await anna.ask('patient', 'card', '--out', at('anna.card'));
    await writeFile(at('note.txt'), 'from before the loss');
    await anna.ask('record', 'add', at('note.txt'), '--category', 'other', '--yes');
    const anna2 = await newcomer('anna2');
    const file = at('anna2.json');
    const asking = ['key', 'recover', '--party', at('anna.card'), '--out', file, '--yes'];
    assert.equal((await anna2.ask<Told>(...asking)).state, 'asked');
    await sign(file);
    const before = Date.now;
    mock.method(Date, 'now', () => before() + DELAY + 1000);
    let told = await anna2.ask<Told & { grants?: number }>('key', 'recover');
    while (told.state === 'begun') told = await anna2.ask('key', 'recover');
    assert.deepEqual([told.state, told.grants], ['finished', 0]);
    type Listed = readonly { readonly record: string; readonly category: string }[];
    const { records } = await anna2.ask<{ records: Listed }>('record', 'list');
    const note = records.find(({ category }) => category === 'other');
    const read = await anna2.run('record', 'get', note?.record ?? '');
    assert.match(read.stdout, /from before the loss/, read.stderr);
    assert.match((await anna2.run('audit')).stdout, /the keys that the lost key had sealed/);
    assert.notEqual((await anna.run('record', 'list')).code, 0);
  });
});
