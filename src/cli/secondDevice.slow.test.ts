import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { refused } from './test/refused.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

let people: People;
let anna: Person;
let house: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
});

after(async () => {
  await people.end();
});

async function addContact(to: Person, alias: string, of: Person): Promise<void> {
  const file = join(people.folder, `${of.name}.card.json`);
  await readFile(file).catch(async () => await of.ask('party', 'card', '--out', file));
  await to.ask('contact', 'add', alias, file);
}

/** A device of somebody, restored from the 24 words. */
async function restored(person: Person, name: string): Promise<Person> {
  const { phrase } = await person.ask<{ phrase: string }>('key', 'phrase');
  const words = join(people.folder, `${name}.words.txt`);
  await writeFile(words, phrase, { mode: 0o600 });
  const device = people.device(name);
  const { url } = people.dev.ready;
  await device.ask('join', url, '--network', join(people.network, 'network.json'));
  const known = await device.run('key', 'restore', person.name, '--phrase-file', words);
  assert.equal(known.code, 0, known.stderr);
  return device;
}

interface Aliases {
  readonly contacts: readonly { readonly alias: string; readonly party: string }[];
}

// @attack a contact of one device takes the place of another's on a second one | a device adds only names and addresses that it does not have
it('gives a doctor’s second device the rights, contacts and requests of the first, and no name another meaning', async () => {
  await addContact(anna, 'house', house);
  await addContact(house, 'anna', anna);
  await anna.ask('grant', 'house', '--category', 'vitals', '--until', '2h', '--yes');
  await house.ask('inbox');
  await house.ask('request', 'anna', '--category', 'laboratory', '--until', '2h', '--yes');
  await house.ask('inbox');

  const second = await restored(house, 'second');
  refused(await second.run('record', 'list', '--patient', 'anna'), 'ARGUMENT_INVALID', 2);
  const inbox = await second.ask<{ contacts: string[]; asking: object[]; rights: object[] }>(
    'inbox',
  );
  assert.deepEqual([inbox.contacts, inbox.asking.length, inbox.rights], [['anna'], 1, []]);
  const listed = await second.run('record', 'list', '--patient', 'anna');
  assert.equal(listed.code, 0, listed.stderr);

  const third = await restored(house, 'third');
  await addContact(third, 'anna', house);
  const { contacts: taken } = await third.ask<{ contacts: string[] }>('inbox');
  assert.deepEqual(taken, [], 'the alias is somebody else’s here');
  const card = (await third.ask<Aliases>('contact', 'list')).contacts;
  assert.deepEqual(
    card.map(({ alias }) => alias),
    ['anna'],
  );
  for (const device of [second, house]) await device.ask('inbox');
  const kept = (await house.ask<Aliases>('contact', 'list')).contacts;
  const [first] = kept.filter(({ alias }) => alias === 'anna');
  assert.notEqual(first?.party, card[0]?.party, 'and stays whose it was on the first');
});
