import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exchangeCards } from '../test/exchangeCards.ts';
import { refused } from '../test/refused.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

let people: People;
let anna: Person;
let house: Person;
let record: string;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
  await exchangeCards(people.folder, anna, house);
  const terms = ['--category', 'reports', '--action', 'read,add', '--until', '2d', '--yes'];
  await anna.ask('grant', 'house', ...terms);
  await house.ask('inbox');
  await writeFile(at('visit.txt'), 'a report of the visit');
  const { records } = await house.ask<{ records: { record: string }[] }>(
    'record',
    'add',
    at('visit.txt'),
    '--patient',
    'anna',
    '--category',
    'reports',
    '--yes',
  );
  record = records[0]?.record ?? '';
});

after(async () => await people.end());

function at(name: string): string {
  return join(people.folder, name);
}

describe('a record that a device keeps', () => {
  it('is kept for hours, and the patient’s audit says until when', async () => {
    const out = ['--out', at('read.txt')];
    const run = await house.run('record', 'get', record, '-p', 'anna', '--keep', '12h', ...out);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /This device keeps it until 20\d\d-/);
    assert.equal(await readFile(at('read.txt'), 'utf8'), 'a report of the visit');
    const audit = await anna.run('audit');
    assert.match(audit.stdout, /opened record .* and may look again until 20\d\d-.* UTC/);
  });

  it('is not kept for longer than seven days, beyond the right, or with a whole bundle', async () => {
    const get = ['record', 'get', record, '-p', 'anna', '--out', at('no.txt')];
    refused(await house.run(...get, '--keep', '8d'), 'KEEP_TOO_LONG');
    refused(await house.run(...get, '--keep', '3d'), 'KEEP_TOO_LONG');
    assert.equal((await house.run(...get, '--keep', '1h', '--whole')).code, 2);
    assert.equal((await house.run(...get, '--kept')).code, 2);
    await assert.rejects(readFile(at('no.txt')));
    const refusals = await anna.run('audit');
    assert.match(refusals.stdout, /was refused to open record .*KEEP_TOO_LONG/);
  });

  it('stands in the way of no other verb if the list of what is kept was damaged, which is said', async () => {
    const path = join(people.folder, 'house', 'parties', 'house', 'device', 'kept.json');
    const list = await readFile(path);
    await writeFile(path, list.subarray(1));
    const run = await house.run('record', 'list', '-p', 'anna');
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /Kept records whose time is over could not be deleted\./);
    await writeFile(path, list);
  });

  it('opens while no node answers, as often as its reader likes', async () => {
    await people.dev.close();
    for (const name of ['first.txt', 'second.txt']) {
      const run = await house.run('record', 'get', record, '--kept', '--out', at(name));
      assert.equal(run.code, 0, run.stderr);
      assert.equal(await readFile(at(name), 'utf8'), 'a report of the visit');
    }
    const { kept } = await house.ask<{ kept: { record: string }[] }>('record', 'kept');
    assert.ok(kept.some((each) => each.record === record));
    const none = await anna.run('record', 'kept');
    assert.equal(none.stdout, 'This device keeps no record.\n');
    refused(await anna.run('record', 'get', record, '--kept', '--raw'), 'NOT_FOUND');
    assert.notEqual((await house.run('record', 'get', record, '-p', 'anna')).code, 0);
  });

  it('is removed by its id, and no other is; nothing is removed by an id that the device does not keep', async () => {
    const none = `0x${'00'.repeat(8)}`;
    refused(await house.run('record', 'kept', '--remove', none), 'NOT_FOUND');
    assert.equal((await house.run('record', 'kept', '--remove', 'nothing')).code, 2);
    const before = await house.ask<{ kept: { record: string }[] }>('record', 'kept');
    assert.ok(before.kept.length > 0);
    const after = await house.ask<typeof before>('record', 'kept', '--remove', record.slice(0, 12));
    assert.ok(after.kept.length < before.kept.length);
    assert.ok(after.kept.every((each) => each.record !== record));
    refused(await house.run('record', 'get', record, '--kept', '--raw'), 'NOT_FOUND');
  });
});
