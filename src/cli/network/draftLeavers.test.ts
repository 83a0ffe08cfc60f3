import assert from 'node:assert/strict';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Of } from '../../protocol/struct/Of.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { ownFolderOf } from '../test/ownFolderOf.ts';
import { refused } from '../test/refused.ts';
import type { Run } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';
import type { CHANGE_PUBLISHED } from './changeAnswers.ts';

/** An organisation leaves: what its doctors and registrars attest must not count any more. */

let people: People;
let change: string;
let drafts: string;
let [hospital, laboratory]: string[] = [];
/** Of the organisation that leaves, by role; a doctor who is suspended, and a registrar who stays. */
let [doctor, registrar, suspended, other]: string[] = [];

before(async () => {
  people = await startPeople({ unguarded: true });
  [hospital, laboratory] = [
    await ownFolderOf(people, 'hospital'),
    await ownFolderOf(people, 'laboratory'),
  ];
  [doctor, registrar, suspended, other] = [
    await addressOf(await people.enrolled('dora', 'doctor', 'insurer')),
    await addressOf(await people.enrolled('rita', 'registrar', 'insurer')),
    await addressOf(await people.enrolled('sam', 'doctor', 'insurer')),
    await addressOf(await people.enrolled('otto', 'registrar', 'laboratory')),
  ];
  await people.enrolled('anna', 'patient', 'insurer');
  await people.enrolled('nora', 'nurse', 'insurer');
  const suspend = ['party', 'suspend', suspended, '--data', people.network, '--yes'];
  assert.equal((await run(...suspend)).code, 0);
  change = join(people.folder, 'change.json');
  drafts = join(people.folder, 'drafts');
  const terms = ['--leave', 'insurer', '--writes', '2', '--views', '2', '--authority', '2'];
  await ask('network', 'propose', change, '--data', hospital, ...terms, '--yes');
  await ask('network', 'sign', change, '--data', laboratory, '--yes');
});
after(async () => {
  await people.end();
});

async function addressOf(person: Person): Promise<string> {
  return (await person.ask<{ party: string }>('party', 'show')).party;
}

async function run(...args: readonly (string | undefined)[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(
    args.map((each) => each ?? ''),
    streams,
  );
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

async function ask<Answer>(...args: readonly (string | undefined)[]): Promise<Answer> {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}

const publish = async (data = hospital): Promise<Of<typeof CHANGE_PUBLISHED>> =>
  await ask('network', 'publish', change, '--data', data, '--suspensions', drafts);

function byFile(one: { readonly file: string }, two: { readonly file: string }): number {
  return one.file.localeCompare(two.file);
}

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder).catch((): string[] => []);
  const read = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(read)) as Record<string, string>;
}

describe('the suspensions of those whose organisation leaves an unguarded network', () => {
  it('are said to be missing if the node of the folder does not answer, which lists its parties', async () => {
    const { leaving, suspensions } = await publish();
    assert.deepEqual([leaving, suspensions], [['insurer'], undefined]);
    const { stdout } = await run('network', 'publish', change, '--data', hospital);
    assert.match(stdout, /Leaving: insurer\. .* Run this again while the node of .* runs/);
    assert.deepEqual(await filesIn(drafts), {});
  });

  // @actor a doctor or registrar whose organisation left | goes on attesting, unsuspended since nobody lists them
  it('are drafted for its doctors and registrars, and for nobody else', async () => {
    const access = 'operator.json';
    await copyFile(join(people.network, access), join(hospital ?? '', access));
    const { leaving, suspensions = [], from } = await publish();
    assert.deepEqual(leaving, ['insurer']);
    const wanted = [
      { party: doctor, role: 'doctor' },
      { party: registrar, role: 'registrar' },
    ].map((each) => ({
      ...each,
      organisation: 'insurer',
      file: join(drafts, `insurer-${each.party}.suspension.json`),
    }));
    assert.deepEqual(suspensions.toSorted(byFile), wanted.toSorted(byFile));
    const files = await filesIn(drafts);
    assert.deepEqual(
      Object.keys(files).toSorted(),
      wanted.map(({ file }) => basename(file)).toSorted(),
    );
    assert.deepEqual(JSON.parse(files[`insurer-${registrar}.suspension.json`] ?? ''), {
      format: 'medseal-suspension/1',
      message: {
        party: registrar,
        suspended: true,
        change: 1,
        deadline: from + 7 * 24 * 3600,
      },
      signatures: [],
    });
    const text = JSON.stringify(files);
    for (const nobody of [suspended, other]) assert.ok(!text.includes(nobody ?? '-'));
  });

  it('are the same when the command is run again, and keep the signatures that they have', async () => {
    const before = await filesIn(drafts);
    await publish();
    assert.deepEqual(await filesIn(drafts), before);
    const file = join(drafts, `insurer-${registrar}.suspension.json`);
    const round = ['party', 'suspend', registrar, '--file', file, '--yes'];
    const signed = await ask<{ missing: number }>(...round, '--data', hospital);
    assert.equal(signed.missing, 1);
    const collected = await filesIn(drafts);
    assert.notDeepEqual(collected, before);
    await publish();
    assert.deepEqual(await filesIn(drafts), collected);
    await writeFile(file, '{}');
    await publish();
    assert.deepEqual(await filesIn(drafts), before, 'a file that nobody can sign is written again');
  });

  it('are signed by the others with the present verb, and drafted no more once they stand', async () => {
    const file = join(drafts, `insurer-${registrar}.suspension.json`);
    const round = ['party', 'suspend', registrar, '--file', file];
    const asked = await run(...round, '--data', hospital);
    refused(asked, 'NOT_CONFIRMED');
    assert.match(asked.stderr, /a registrar of insurer,\n.*\n +\(the signatures are good until /);
    const doctors = ['party', 'suspend', doctor, '--file', file, '--data', hospital, '--yes'];
    refused(await run(...doctors), 'ARGUMENT_INVALID', 2);
    await ask(...round, '--data', hospital, '--yes');
    const { suspended: stands } = await ask<{ suspended: boolean; block: number }>(
      ...round,
      '--data',
      laboratory,
      '--yes',
    );
    assert.equal(stands, true);
    await rm(drafts, { recursive: true });
    const { suspensions = [] } = await publish();
    assert.deepEqual(
      suspensions.map(({ party }) => party),
      [doctor],
    );
    assert.deepEqual(Object.keys(await filesIn(drafts)), [`insurer-${doctor}.suspension.json`]);
  });
});
