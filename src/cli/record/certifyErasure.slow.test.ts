import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Of } from '../../protocol/struct/Of.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';
import { runMedseal } from '../test/runMedseal.ts';
import type { ERASURE_CERTIFIED } from './recordAnswers.ts';

let people: People;
let anna: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  await writeFile(join(people.folder, 'note.txt'), 'a plan');
});
after(async () => await people.end());

describe('medseal record certificate', () => {
  it('writes what each organisation signed, completes it when it runs again, and is verified without a node', async () => {
    const file = join(people.folder, 'erased.json');
    await anna.ask('record', 'add', join(people.folder, 'note.txt'), '-c', 'plans', '--yes');
    await anna.ask('record', 'erase', 'plans', '--yes');
    const certify = ['record', 'certificate', 'plans', '--out', file] as const;
    const made = await anna.ask<Of<typeof ERASURE_CERTIFIED>>(...certify);
    assert.equal(made.destroyed.length, 3);
    assert.deepEqual([made.unstated, made.served], [[], []]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const again = await anna.ask<Of<typeof ERASURE_CERTIFIED>>(...certify);
    assert.deepEqual([again.erased, again.versions], [made.erased, made.versions]);
    const network = ['--network', join(people.network, 'network.json')];
    const verified = await runMedseal('verify', file, ...network);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /erased: plans/);
    const altered = (await readFile(file, 'utf8')).replace(/"backup":0/, '"backup":1');
    await writeFile(join(people.folder, 'altered.json'), altered);
    const refused = await runMedseal('verify', join(people.folder, 'altered.json'), ...network);
    assert.equal(refused.code, 1, refused.stdout);
  });

  it('writes over no file that is something else', async () => {
    const note = join(people.folder, 'note.txt');
    await assert.rejects(
      anna.ask('record', 'certificate', 'plans', '--out', note),
      /ARGUMENT_INVALID|not a certificate/,
    );
    assert.equal(await readFile(note, 'utf8'), 'a plan');
  });
});
