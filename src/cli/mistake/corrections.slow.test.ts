import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { handOver } from '../../client/letters/accessRequests.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { seconds } from '../../protocol/Clock.ts';
import { exchangeCards } from '../test/exchangeCards.ts';
import { partyAt } from '../test/partyAt.ts';
import { refused } from '../test/refused.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

interface Due {
  readonly objections: readonly {
    readonly objection: string;
    readonly record: string;
    readonly due: number;
    readonly state: string;
    readonly answer?: string;
    readonly statement?: string;
  }[];
}

let people: People;
let anna: Person;
let house: Person;
let wilson: Person;
let record: string;

const RAW = ['--patient', 'anna', '--raw', '--category', 'reports', '--yes'] as const;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
  wilson = await people.enrolled('wilson', 'doctor');
  await exchangeCards(people.folder, anna, house);
  await exchangeCards(people.folder, anna, wilson);
  const terms = ['--category', 'reports', '--action', 'read,add,amend', '--until', '2h', '--yes'];
  for (const doctor of ['house', 'wilson']) await anna.ask('grant', doctor, ...terms);
  for (const doctor of [house, wilson]) await doctor.ask('inbox');
  const note = join(people.folder, 'note.txt');
  await writeFile(note, 'Asthma.');
  const added = await house.ask<{ records: readonly { record: string }[] }>(
    ...(['record', 'add', note, ...RAW] as const),
  );
  record = added.records[0]?.record ?? assert.fail();
});
after(async () => {
  await people.end();
});

describe('medseal mistake due, decide and dispute', () => {
  it('refuses to decide or dispute what nobody said, in no words, and of another author', async () => {
    const words = ['--words', 'It is right.', '--yes'];
    refused(await house.run('mistake', 'decide', record, '-p', 'anna', ...words), 'NOT_FOUND');
    refused(await anna.run('mistake', 'dispute', record, ...words), 'NOT_FOUND');
    const objection = ['--words', 'I have never had asthma.\u001b[2J', '--yes'];
    await anna.ask('record', 'object', record, ...objection);
    refused(await anna.run('mistake', 'dispute', record, ...words), 'ARGUMENT_INVALID', 2);
    const no = await house.run('mistake', 'decide', record, '-p', 'anna', '--yes');
    refused(no, 'ARGUMENT_INVALID', 2);
    const amended = ['-p', 'anna', '--amended', '2', '--yes'];
    refused(await house.run('mistake', 'decide', record, ...amended), 'ARGUMENT_INVALID', 2);
    const other = await wilson.run('mistake', 'decide', record, '-p', 'anna', ...words);
    refused(other, 'LINE_OF_ANOTHER');
    refused(await anna.run('mistake', 'decide', record, ...words), 'ARGUMENT_INVALID', 2);
  });

  it('shows patient and author the date, and both the reason and the patient’s statement beside the record', async () => {
    const { objections } = await anna.ask<Due>('mistake', 'due');
    assert.deepEqual(
      objections.map((each) => [each.record, each.state]),
      [[record, 'open']],
    );
    const theirs = await house.run('mistake', 'due', '--patient', 'anna');
    assert.match(theirs.stdout, /open +\d{4}-/);
    const words = ['--words', 'The laboratory confirmed it.', '--yes'];
    const decided = await house.run('mistake', 'decide', record, '-p', 'anna', ...words);
    assert.equal(decided.code, 0, decided.stderr);
    const again = await house.run('mistake', 'decide', record, '-p', 'anna', ...words);
    assert.match(again.stdout, /added the same file before/);
    await anna.ask('mistake', 'dispute', record, '--words', 'I was never tested.', '--yes');
    const [closed] = (await anna.ask<Due>('mistake', 'due')).objections;
    assert.equal(closed?.state, 'answered');
    assert.ok(closed.answer !== undefined && closed.statement !== undefined);
    const read = await wilson.run('record', 'get', record, '--patient', 'anna');
    for (const said of [
      /The patient objects to this record .*: I have never had asthma\./,
      /The author declines to amend it .*: The laboratory confirmed it\./,
      /The patient objects to this record .*: I was never tested\./,
    ]) {
      assert.match(read.stderr, said);
    }
    assert.ok(!read.stderr.includes('\u001b'), 'what the patient wrote moves no cursor');
    const listed = await wilson.run('record', 'list', '--patient', 'anna');
    assert.match(listed.stdout, /answer to an objection to/);
  });

  it('changes the answer to the version that amends the record', async () => {
    const better = join(people.folder, 'better.txt');
    await writeFile(better, 'No asthma.');
    await house.ask('record', 'amend', record, better, '--patient', 'anna', '--yes');
    await house.ask('mistake', 'decide', record, '-p', 'anna', '--amended', '2', '--yes');
    const read = await anna.run('record', 'get', record);
    assert.match(read.stderr, /The author answers that version 2 amends it/);
    assert.doesNotMatch(read.stderr, /declines/);
  });
});

describe('medseal mistake decide, by an author of several rights', () => {
  it('finds an objection that the widest leaves out, by the beginning of its own id, and asks by none that has not begun', async () => {
    const cuddy = await people.enrolled('cuddy', 'doctor');
    await exchangeCards(people.folder, anna, cuddy);
    const patient = await partyAt(people, 'anna');
    const { address: grantee } = await partyAt(people, 'cuddy');
    const from = seconds(patient.clock) + 3600;
    const coming = { categories: ['reports'], actions: ['read'], purpose: 'TREAT' } as const;
    await handOver(
      patient,
      await grantRight(patient, { grantee, ...coming, from, until: from + 3600 }),
    );
    await cuddy.ask('inbox');
    const until = ['--until', '2h', '--yes'];
    await anna.ask('grant', 'cuddy', '--category', 'reports', '--action', 'read,add', ...until);
    await cuddy.ask('inbox');
    await anna.ask('grant', 'cuddy', '--category', 'vitals,laboratory', ...until);
    await cuddy.ask('inbox');

    const note = join(people.folder, 'cuddy.txt');
    await writeFile(note, 'Lupus.');
    const added = await cuddy.ask<{ records: readonly { record: string }[] }>(
      ...(['record', 'add', note, ...RAW] as const),
    );
    const lupus = added.records[0]?.record ?? assert.fail();
    await anna.ask('record', 'object', lupus, '--words', 'It is never lupus.', '--yes');
    const { objections } = await anna.ask<Due>('mistake', 'due');
    const { objection } = objections.find((each) => each.record === lupus) ?? assert.fail();
    const before = await cuddy.ask<Due>('mistake', 'due', '--patient', 'anna');
    assert.deepEqual(before.objections, [], 'the widest right leaves it out');

    const words = ['-p', 'anna', '--words', 'The biopsy shows it.', '--yes'];
    refused(await cuddy.run('mistake', 'decide', '0'.repeat(12), ...words), 'NOT_FOUND');
    for (const id of [objection.slice(2, 14), lupus.slice(2)]) {
      const { code, stderr } = await cuddy.run('mistake', 'decide', id, ...words);
      assert.equal(code, 0, stderr);
    }
    const after = (await anna.ask<Due>('mistake', 'due')).objections;
    assert.equal(after.find((each) => each.record === lupus)?.state, 'answered');
    const { events } = await anna.ask<{
      events: readonly { readonly party?: string; readonly flag?: string }[];
    }>('audit');
    const theirs = events.filter(({ party }) => party === grantee);
    assert.ok(theirs.length > 0);
    assert.ok(theirs.every(({ flag }) => flag === 'A'));
  });
});
