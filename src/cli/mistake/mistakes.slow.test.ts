import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exchangeCards } from '../test/exchangeCards.ts';
import { refused } from '../test/refused.ts';
import type { Run } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

interface Told {
  readonly id: string;
  readonly words: string;
  readonly about: { readonly record?: string; readonly act: string };
  readonly answer?: { readonly words: string; readonly version?: number };
}
interface Listed {
  readonly reported: readonly Told[];
  readonly told: readonly Told[];
}

const WORDS = 'I have never had asthma.\nNot once.\u001b[2J';

let people: People;
let anna: Person;
let house: Person;
let record: string;

before(async () => {
  people = await startPeople();
  [anna, house] = [
    await people.enrolled('anna', 'patient'),
    await people.enrolled('house', 'doctor'),
  ];
  await exchangeCards(people.folder, anna, house);
  const terms = ['--category', 'reports', '--action', 'read,add,amend', '--until', '2h'];
  await anna.ask('grant', 'house', ...terms, '--yes');
  await house.ask('inbox');
  const note = join(people.folder, 'note.txt');
  await writeFile(note, 'Asthma.');
  const raw = ['--raw', '--category', 'reports', '--yes'];
  const added = await house.ask<{ records: readonly { record: string }[] }>(
    ...(['record', 'add', note, '--patient', 'anna', ...raw] as const),
  );
  record = added.records[0]?.record ?? assert.fail();
});
after(async () => {
  await people.end();
});

async function report(who: Person, what: string): Promise<Run> {
  return await who.run('mistake', 'report', what, '--words', 'It is wrong.', '--yes');
}

describe('medseal mistake', () => {
  it('refuses a report of what is not on the chart, of the patient’s entry, and by somebody without a chart', async () => {
    refused(await report(anna, '0x12345678'), 'NOT_FOUND');
    refused(await report(anna, 'care/hospital#999999'), 'NOT_FOUND');
    refused(await report(anna, 'nonsense'), 'ARGUMENT_INVALID', 2);
    refused(await report(house, record), 'ARGUMENT_INVALID', 2);
    const long = ['--words', 'x'.repeat(10_000), '--yes'];
    refused(await anna.run('mistake', 'report', record, ...long), 'ARGUMENT_INVALID', 2);
    const audited = await anna.ask<{
      events: readonly { text: string; log: string; index: number }[];
    }>('audit');
    const own = audited.events.find(({ text }) => text.startsWith('You '));
    refused(await report(anna, `${own?.log ?? ''}#${own?.index ?? ''}`), 'ARGUMENT_INVALID', 2);
    refused(
      await house.run('mistake', 'answer', '0x12345678', '--words', 'It is right.', '--yes'),
      'ARGUMENT_INVALID',
      2,
    );
  });

  it('takes a report to the author, whose amendment answers it, and an answer in words replaces nothing of that', async () => {
    const sent = await anna.run('mistake', 'report', record.slice(0, 10), '-w', WORDS, '--yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.match(sent.stdout, /^The report went to house\./);
    const told = await house.run('mistake', 'list');
    assert.match(
      told.stdout,
      /anna tells you about record 0x[0-9a-f]{8}… \(reports\), version 1: /,
    );
    assert.ok(!told.stdout.includes('\u001b'), 'what the patient wrote moves no cursor');
    assert.match(told.stdout, /asthma\. Not once\./);
    const better = join(people.folder, 'better.txt');
    await writeFile(better, 'No asthma.');
    await house.ask('record', 'amend', record, better, '--patient', 'anna', '--yes');
    const { reported } = await anna.ask<Listed>('mistake', 'list');
    assert.equal(reported[0]?.answer?.version, 2);
    const id = reported[0].id.slice(0, 10);
    await house.ask('mistake', 'answer', id, '--words', 'Thank you.', '--yes');
    const after = await anna.run('mistake', 'list');
    assert.match(after.stdout, /amended by version 2; Thank you\./);
  });

  it('takes the report of an entry of the audit, and the inbox shows it', async () => {
    const audited = await anna.ask<{
      events: readonly { text: string; log: string; index: number }[];
    }>('audit');
    const seen = audited.events.find(({ text }) => /^house .* saw the chart/.test(text));
    assert.ok(seen, JSON.stringify(audited.events));
    const what = `${seen.log}#${seen.index}`;
    await anna.ask('mistake', 'report', what, '--words', 'Why did you look?', '--yes');
    const { mistakes } = await house.ask<{ mistakes: readonly Told[] }>('inbox');
    assert.deepEqual([mistakes[0]?.words, mistakes[0]?.about.act], ['Why did you look?', 'chart']);
  });

  it('takes the report of one record of a view of several, by the beginning of its id', async () => {
    const note = join(people.folder, 'second.txt');
    await writeFile(note, 'A second one.');
    const raw = ['--raw', '--category', 'reports', '--yes'];
    await house.ask('record', 'add', note, '--patient', 'anna', ...raw);
    await house.ask('record', 'list', '--patient', 'anna', '--titles');
    const audited = await anna.ask<{
      events: readonly { type?: string; log: string; index: number; text: string }[];
    }>('audit');
    const seen = audited.events.find(({ type }) => type === 'ViewSet') ?? assert.fail();
    assert.match(seen.text, /opened 2 record versions, .*, the whole chart: 2 of reports/);
    const what = `${seen.log}#${seen.index}`;
    const words = ['--words', 'Why did you open this?', '--yes'];
    const one = ['--record', record.slice(0, 10), ...words];
    refused(await anna.run('mistake', 'report', record, ...one), 'ARGUMENT_INVALID', 2);
    const absent = ['--record', '0x12345678', ...words];
    refused(await anna.run('mistake', 'report', what, ...absent), 'NOT_FOUND');
    await anna.ask('mistake', 'report', what, ...one);
    const { mistakes } = await house.ask<{ mistakes: readonly Told[] }>('inbox');
    assert.deepEqual([mistakes[0]?.about.act, mistakes[0]?.about.record], ['record', record]);
  });

  it('asks a patient to extend a right, who does so or declines, and asks why it is needed', async () => {
    const words = ['--words', 'The wound needs another month.', '--yes'];
    refused(await house.run('mistake', 'ask', 'anna', ...words), 'ARGUMENT_INVALID', 2);
    const past = ['--until', '1h', ...words];
    refused(await house.run('mistake', 'ask', 'anna', ...past), 'ARGUMENT_INVALID', 2);
    const long = ['--until', '9000d', ...words];
    refused(await house.run('mistake', 'ask', 'anna', ...long), 'RIGHT_INVALID');
    refused(await house.run('mistake', 'ask', '0x12345678', ...words), 'ARGUMENT_INVALID', 2);
    const until = ['--until', '30d', ...words];
    const sent = await house.run('mistake', 'ask', 'anna', ...until);
    assert.equal(sent.code, 0, sent.stderr);
    await house.ask('mistake', 'ask', 'anna', ...until);
    const listed = await anna.run('mistake', 'list');
    assert.match(
      listed.stdout,
      /house asks for a longer right, you about the right 0x[0-9a-f]{8}…/,
    );
    assert.match(listed.stdout, /mistake extend 0x[0-9a-f]{8}, or .*mistake answer/);
    const { told } = await anna.ask<{ told: readonly { id: string; topic?: string }[] }>(
      ...(['mistake', 'list'] as const),
    );
    const wishes = told.filter(({ topic }) => topic === 'extension');
    assert.equal(wishes.length, 1, 'the same wish again is the same wish');
    const id = wishes[0]?.id.slice(0, 10) ?? '';
    refused(await house.run('mistake', 'extend', id, '--yes'), 'ARGUMENT_INVALID', 2);
    const given = await anna.run('mistake', 'extend', id, '--yes');
    assert.match(given.stdout, /house may now read, add, amend reports/);
    await anna.ask('mistake', 'extend', id, '--yes');
    const { rights } = await house.ask<{ rights: readonly unknown[] }>('inbox');
    assert.equal(rights.length, 1, 'none is given twice');
    const answered = await house.run('mistake', 'list');
    assert.match(answered.stdout, /extended by grant 0x[0-9a-f]{8}…/);
    await anna.ask('mistake', 'ask', 'house', '--words', 'Why do you need this?', '--yes');
    const { mistakes } = await house.ask<{ mistakes: readonly Told[] }>('inbox');
    assert.deepEqual(
      mistakes.map((each) => [each.words, each.about.act]),
      [['Why do you need this?', 'right']],
    );
  });
});
