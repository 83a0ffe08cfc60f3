import assert from 'node:assert/strict';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exchangeCards } from './test/exchangeCards.ts';
import { refused } from './test/refused.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

let people: People;
let anna: Person;
let house: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
  await exchangeCards(people.folder, anna, house);
});
after(async () => await people.end());

interface Audited {
  readonly events: readonly { readonly text: string; readonly released?: readonly string[] }[];
  readonly faults: readonly string[];
}

describe('who releases the key of a record', () => {
  it('is saved with the record, verified offline, and told to the patient who audits', async () => {
    const grant = join(people.folder, 'grant.json');
    const terms = ['--category', 'reports', '--action', 'read,add', '--until', '2h'];
    await anna.ask('grant', 'house', ...terms, '--out', grant, '--yes');
    const note = join(people.folder, 'note.txt');
    await writeFile(note, 'a guarded note');
    const report = ['--raw', '--category', 'reports'];
    await anna.ask('record', 'add', note, ...report, '--yes');
    const { records } = await house.ask<{ records: { record: string }[] }>(
      'record',
      'list',
      '--patient',
      'anna',
    );
    const [{ record } = assert.fail()] = records;
    const releases = join(people.folder, 'releases');
    const got = ['record', 'get', record, '--patient', 'anna'];
    const text = await house.run(...got, '--raw', '--releases', releases);
    assert.deepEqual([text.code, text.stdout], [0, 'a guarded note'], text.stderr);
    refused(await house.run(...got, '--whole', '--releases', releases), 'ARGUMENT_INVALID', 2);
    const kept = await house.run('record', 'get', record, '--kept', '--releases', releases);
    assert.deepEqual([kept.code, kept.stdout], [2, '']);
    const into = ['--out', join(people.folder, 'note'), '--releases'];
    refused(await house.run(...got, ...into, ''), 'ARGUMENT_INVALID', 2);
    for (const bad of [note, join(note, 'within'), '/proc/releases', '/proc']) {
      // Before anything is viewed, as the audit below tells.
      refused(await house.run(...got, ...into, bad), 'FOLDER_UNWRITABLE');
      await assert.rejects(stat(join(people.folder, 'note')), { code: 'ENOENT' });
    }

    const files = (await readdir(releases)).map((file) => join(releases, file));
    assert.equal(files.length, 1);
    const pinned = join(people.network, 'network.json');
    const verified = await house.run('verify', ...files, '--offline', '--network', pinned);
    assert.equal(verified.code, 0, verified.stdout);
    assert.match(verified.stdout, /its key was released to the recipient that the view names by /);

    const { events, faults } = await anna.ask<Audited>('audit');
    assert.deepEqual(faults, []);
    const [view = assert.fail(), ...others] = events.filter(({ released }) => released);
    assert.deepEqual(others, []);
    assert.ok((view.released?.length ?? 0) >= 2);
    assert.match(view.text, /^house .*; released by (?:hospital|laboratory|insurer), /);

    // The patient's own reading takes no release.
    const own = await anna.run('record', 'get', record, '--raw', '--releases', releases);
    assert.equal(own.stdout, 'a guarded note');
    assert.match(own.stderr, /The record opens without a release: nothing was saved\./);
  });
});
