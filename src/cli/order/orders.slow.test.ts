import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exchangeCards } from '../test/exchangeCards.ts';
import { refused } from '../test/refused.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

interface Told {
  readonly order: string;
  readonly state: string;
  readonly task: { readonly resourceType: string; readonly status: string };
  readonly reports: readonly { readonly critical: boolean; readonly signedOff: boolean }[];
  readonly toSignOff: readonly string[];
}
interface Listed {
  readonly orders: readonly Told[];
  readonly unread: readonly { readonly order: string; readonly code?: string }[];
}

let people: People;
let anna: Person;
let house: Person;
let lena: Person;
let other: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
  lena = await people.enrolled('lena', 'lab');
  other = await people.enrolled('other', 'lab');
  for (const each of [house, lena, other]) await exchangeCards(people.folder, anna, each);
  await exchangeCards(people.folder, house, lena);
  const all = ['--category', 'procedures,reports,laboratory', '--until', '2h', '--yes'];
  for (const who of ['house', 'other'])
    await anna.ask('grant', who, ...all, '--action', 'read,add');
  for (const each of [house, other]) await each.ask('inbox');
});
after(async () => {
  await people.end();
});

async function order(service: string, ...more: readonly string[]): Promise<string> {
  const values = [`service=${service}`, 'ordered=2026-03-14T09:30Z', ...more];
  const set = values.flatMap((value) => ['--set', value]);
  const { records } = await house.ask<{ records: readonly { record: string }[] }>(
    ...(['record', 'add', '--form', 'order', '--patient', 'anna', ...set, '--yes'] as const),
  );
  return records[0]?.record ?? assert.fail();
}

const RESULT = ['--taken', '2026-03-14T10:00Z', '--result', 'Potassium=7.10;mmol/L;3.5;5.1;HH'];

describe('medseal order', () => {
  it('goes from the doctor to the laboratory and back, and ends with a sign-off', async () => {
    const record = await order('Potassium', 'laboratory=lena');
    const unread = await lena.ask<Listed>('order', 'list');
    assert.deepEqual(
      unread.unread.map((each) => [each.order, each.code]),
      [[record, 'RIGHT_MISSING']],
    );
    await lena.ask('order', 'answer', record.slice(0, 10), '--no-access', '--yes');
    const waiting = await house.run('order', 'list');
    assert.match(waiting.stdout, /Potassium for anna, ordered by house .*: it waits for a report/);

    const all = ['--category', 'procedures,reports,laboratory', '--until', '2h', '--yes'];
    await anna.ask('grant', 'lena', ...all, '--action', 'read,add');
    await lena.ask('inbox');
    const open = await lena.ask<Listed>('order', 'list');
    assert.deepEqual(
      open.orders.map(({ state, task }) => [state, task.resourceType, task.status]),
      [['requested', 'Task', 'requested']],
    );
    const answered = await lena.run('order', 'answer', record.slice(0, 10), ...RESULT, '--yes');
    assert.equal(answered.code, 0, answered.stderr);
    assert.match(
      answered.stderr,
      /final report of [^\n]*\n +taken 2026-03-14T10:00:00\.000Z\n +Potassium: 7\.10 mmol\/L \(3\.5 to 5\.1\) HH/,
      'what is shown is what is signed',
    );
    assert.match(answered.stdout, /house.* was told|0x[0-9a-f]{8}… was told/);
    assert.deepEqual((await lena.ask<Listed>('order', 'list')).orders, []);

    const shown = await house.run('order', 'list');
    assert.match(shown.stdout, /^CRITICAL {2}0x[0-9a-f]{8}… {2}Potassium for anna.*1 to sign off/m);
    const signed = await house.run('order', 'sign-off', record.slice(0, 10), '--yes');
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(
      signed.stderr,
      /final report of lena, [^\n]*\n +taken [^\n]*\n +Potassium: 7\.10 mmol\/L \(3\.5 to 5\.1\) HH/,
    );
    const again = await house.ask<{ already: boolean }>('order', 'sign-off', record, '--yes');
    assert.equal(again.already, true);
    assert.deepEqual((await house.ask<Listed>('order', 'list')).orders, []);
  });

  it('is answered once, by the laboratory that it names, and not after it was withdrawn', async () => {
    const record = await order('HbA1c', 'laboratory=lena');
    const answer = ['--taken', '2026-03-14T10:00Z', '--result', 'HbA1c=6.7;%;4;5.6', '--yes'];
    const wrong = await other.run('order', 'answer', record, '-p', 'anna', ...answer);
    refused(wrong, 'ORDER_CLOSED');
    const first = await lena.ask<{ records: readonly string[] }>(
      'order',
      'answer',
      record,
      ...answer,
    );
    const again = await lena.ask<{ records: readonly string[] }>(
      'order',
      'answer',
      record,
      ...answer,
    );
    assert.deepEqual(again.records, first.records);
    const changed = ['--taken', '2026-03-14T10:00Z', '--conclusion', 'None.', '--yes'];
    refused(await lena.run('order', 'answer', record, ...changed), 'ORDER_CLOSED');
    refused(await lena.run('order', 'sign-off', record, '--yes'), 'ORDER_CLOSED');
    const gone = await order('Ferritin', 'laboratory=lena');
    const amend = ['--category', 'procedures', '--action', 'read,amend', '--until', '2h', '--yes'];
    await anna.ask('grant', 'house', ...amend);
    await house.ask('inbox');
    const withdrawn = await house.ask<{ already: boolean }>('order', 'withdraw', gone, '--yes');
    const twice = await house.ask<{ already: boolean }>('order', 'withdraw', gone, '--yes');
    assert.deepEqual([withdrawn.already, twice.already], [false, true]);
    refused(await lena.run('order', 'answer', gone, ...answer), 'ORDER_CLOSED');
    refused(await house.run('order', 'withdraw', record, '--yes'), 'ORDER_CLOSED');
  });

  it('without a named laboratory is found by looking everywhere', async () => {
    const record = await order('Sodium');
    assert.deepEqual((await other.ask<Listed>('order', 'list')).orders, []);
    const { orders } = await other.ask<Listed>('order', 'list', '--everywhere');
    assert.ok(orders.some((each) => each.order === record));
  });

  it('refuses a laboratory of another role, and values that are wrong, by their names', async () => {
    const values = ['--set', 'service=Iron', '--set', 'ordered=2026-03-14T09:30Z'];
    const add = ['record', 'add', '--form', 'order', '--patient', 'anna', ...values];
    const named = await house.run(...add, '--set', 'laboratory=anna', '--yes');
    refused(named, 'ARGUMENT_INVALID', 2);
    const record = await order('Iron', 'laboratory=lena');
    const faults: readonly (readonly [RegExp, ...string[]])[] = [
      [/taken: it is missing/, '--conclusion', 'None.'],
      [
        /result 1, value: must be a number/,
        '--taken',
        '2026-03-14T10:00Z',
        '--result',
        'Iron=much;mg',
      ],
      [/give at least one value/, '--taken', '2026-03-14T10:00Z'],
    ];
    for (const [reason, ...args] of faults) {
      const run = await lena.run('order', 'answer', record, ...args, '--yes');
      refused(run, 'ARGUMENT_INVALID', 2);
      assert.match(run.stderr, reason);
    }
    refused(await lena.run('order', 'answer', '0x1234', ...RESULT, '--yes'), 'ARGUMENT_INVALID', 2);
  });
});
