import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

let people: People;
let [leo, marta]: Person[] = [];

before(async () => {
  people = await startPeople();
  [leo, marta] = [
    await people.enrolled('leo', 'patient'),
    await people.enrolled('marta', 'patient'),
  ];
  await leo.ask('party', 'card', '--out', at('leo.card'));
  await marta.ask('party', 'card', '--out', at('marta.card'));
  await writeFile(at('note.txt'), 'a note\n');
  await leo.ask('record', 'add', at('note.txt'), '-c', 'vitals', '--yes');
});
after(async () => await people.end());

function at(name: string): string {
  return join(people.folder, name);
}

function one(person: Person | undefined): Person {
  return person ?? assert.fail();
}

interface Listed {
  readonly mandates: readonly { readonly mandate: string; readonly state: string }[];
}

interface Records {
  readonly records: readonly { readonly record: string }[];
}

function idOf({ record }: Records['records'][number]): string {
  return record;
}

describe('commands of who acts for a patient', () => {
  it('offer, give, act and end, as the page has them', async () => {
    const [patient, parent] = [one(leo), one(marta)];
    const offer = ['mandate', 'offer', at('leo.card'), '--reason', 'my son', '--until', '2y'];
    await parent.ask(...offer, '--audit', '--out', at('offer.json'), '--yes');
    const early = await parent.run('record', 'list', '--acting-for', 'leo');
    assert.match(early.stderr, /right/);
    await patient.ask('mandate', 'give', at('offer.json'), '--yes');
    const { records } = await parent.ask<Records>('record', 'list', '--acting-for', 'leo');
    const own = await patient.ask<Records>('record', 'list');
    assert.deepEqual(records.map(idOf), own.records.map(idOf));
    await parent.ask('grant', at('marta.card'), '-c', 'vitals', '--acting-for', 'leo', '--yes');
    const { grants } = await parent.ask<{ grants: readonly unknown[] }>(
      'grants',
      '--acting-for',
      'leo',
    );
    assert.equal(grants.length, 1);
    await parent.ask('audit', '--acting-for', 'leo');
    const { mandates } = await patient.ask<Listed>('mandate', 'list');
    const [{ mandate, state } = assert.fail()] = mandates;
    assert.equal(state, 'active');
    await patient.ask('mandate', 'end', mandate, '--yes');
    const late = await parent.run('record', 'list', '--acting-for', 'leo');
    assert.notEqual(late.code, 0);
    const never = await parent.run('record', 'list', '--acting-for', 'nobody');
    assert.match(never.stderr, /never offered/);
  });
});
