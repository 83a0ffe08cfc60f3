import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { lockFolder } from '../../folder/lockFolder.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { openTerminal } from '../terminal/openTerminal.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import { runMedseal } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';
import { changeKeyVerb } from './changeKeyVerb.ts';

interface Changed {
  readonly address: string;
  readonly signer: string;
  readonly phrase?: string;
}

interface Shown {
  readonly address: string;
  readonly signer?: string;
  readonly changing?: boolean;
}

let people: People;

before(async () => {
  people = await startPeople();
});
after(async () => await people.end());

async function joined(name: string): Promise<Person> {
  const device = people.device(name);
  await device.ask('join', people.dev.ready.url, '--network', `${people.network}/network.json`);
  return device;
}

async function wordsOf(person: Person): Promise<string> {
  return (await person.ask<{ phrase: string }>('key', 'phrase')).phrase;
}

async function restore(device: Person, name: string, words: string) {
  return await device.type(`${words}\n`, 'key', 'restore', name, '--phrase-file', '-');
}

async function add(person: Person, text: string, ...more: readonly string[]): Promise<void> {
  const file = join(people.folder, `${text.replaceAll(' ', '-')}.txt`);
  await writeFile(file, `${text}\n`);
  await person.ask('record', 'add', file, '-c', 'vitals', '--yes', ...more);
}

async function count(person: Person, ...more: readonly string[]): Promise<number> {
  const { records } = await person.ask<{ records: readonly unknown[] }>('record', 'list', ...more);
  return records.length;
}

function keyFile(device: string, name: string): string {
  return join(people.folder, device, 'parties', name, 'key.json');
}

/** Runs a command at the device of the demonstration. */
async function runDemo(...args: readonly string[]): Promise<Shown> {
  const { code, stdout, stderr } = await runMedseal(...args, '--home', people.network, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Shown;
}

/** Runs it until a stage of its work begins, which then fails as if the process had died. */
async function breakOff(device: string, name: string, stage: string): Promise<void> {
  const terminal = openTerminal(captureStreams(), { yes: true });
  const { progress } = terminal;
  const dying = {
    ...terminal,
    passphrases: { workFactor: 4 },
    progress: {
      ...progress,
      stage: (text: string) => {
        if (text === stage) throw new Error('died');
      },
    },
  };
  const home = join(people.folder, device);
  const options = { home, yes: true, passphraseFile: join(people.folder, 'passphrase.txt') };
  await assert.rejects(changeKeyVerb(dying, name, options), /died/);
}

describe('a key that is changed', () => {
  it('goes on under its address on this device, and by its new words on every other', async () => {
    const anna = await people.enrolled('anna', 'patient');
    await add(anna, 'before');
    const old = await wordsOf(anna);
    const tablet = await joined('tablet');
    assert.equal((await restore(tablet, 'anna', old)).code, 0);
    const first = await anna.ask<Shown>('key', 'show');

    const changed = await anna.ask<Changed>('key', 'change', '--yes');
    const shown = await anna.ask<Shown>('key', 'show');
    assert.deepEqual([shown.address, shown.signer], [first.address, changed.signer]);
    assert.notEqual(changed.phrase, old);
    assert.equal(await wordsOf(anna), changed.phrase);
    await add(anna, 'after');
    const all = await count(anna);

    refused(await tablet.run('record', 'list'), 'SIGNATURE_INVALID');
    refused(await tablet.run('key', 'change', '--yes'), 'KEY_CHANGED');
    await tablet.ask('key', 'unlock');
    const status = await tablet.run('status');
    await tablet.ask('key', 'lock');
    assert.match(status.stdout, /KEY_CHANGED/);
    const phone = await joined('phone');
    refused(await restore(phone, 'anna', old), 'KEY_CHANGED');
    for (const device of [tablet, phone, await joined('laptop')]) {
      const back = await restore(device, 'anna', changed.phrase ?? '');
      assert.equal(back.code, 0, back.stderr);
      assert.match(back.stdout, new RegExp(`anna is ${first.address}, a patient of hospital`));
      assert.equal(await count(device), all);
    }
    // The words of somebody else take no key's place.
    const other = await people.enrolled('ada', 'patient');
    refused(await restore(tablet, 'anna', await wordsOf(other)), 'ARGUMENT_INVALID', 2);

    const again = await tablet.ask<Changed>('key', 'change', '--yes');
    assert.equal(again.address, first.address);
    assert.equal(await count(tablet), all);
    refused(await anna.run('record', 'list'), 'SIGNATURE_INVALID');
  });

  it('of a doctor still opens what it could, and again once the patient has accepted it', async () => {
    const ida = await people.enrolled('ida', 'patient');
    const doctor = await people.enrolled('doc', 'doctor');
    await add(ida, 'for the doctor');
    const { address } = await doctor.ask<Shown>('key', 'show');
    await ida.ask('grant', address, '-c', 'vitals', '-u', '1h', '-y');
    await doctor.ask('inbox');
    const { handle } = await ida.ask<{ handle: string }>('party', 'show');
    const read = async (): Promise<void> => {
      const { records } = await doctor.ask<{ records: { record: string }[] }>(
        'record',
        'list',
        '--patient',
        handle,
      );
      const [{ record } = { record: '' }] = records;
      const got = await doctor.run('record', 'get', record, '--patient', handle);
      assert.match(got.stdout, /for the doctor/);
    };
    await read();
    await doctor.ask('key', 'change', '--yes');
    await read();
    const { changed } = await ida.ask<{ changed: { fingerprint: string }[] }>('contact', 'changed');
    const { fingerprint = '' } = changed[0] ?? {};
    await ida.ask('contact', 'accept', address, '--fingerprint', fingerprint, '--yes');
    await read();
  });

  // @actor a stolen phone, unlocked | to change the key without the passphrase
  it('stays as it is if the answer is no, the passphrase is wrong, or there is nothing to change', async () => {
    const device = await joined('stays');
    refused(await device.run('key', 'change', '--yes'), 'KEY_ABSENT');
    await device.ask('key', 'new', 'eve');
    refused(await device.run('key', 'change', '--yes'), 'PARTY_UNKNOWN');
    await device.ask('party', 'apply', '--role', 'doctor', '--at', 'hospital', '--yes');
    const whole = await readFile(keyFile('stays', 'eve'), 'utf8');
    refused(await device.run('key', 'change'), 'NOT_CONFIRMED');
    const wrong = join(people.folder, 'wrong.txt');
    await writeFile(wrong, 'not the passphrase\n');
    await device.ask('key', 'unlock');
    const given = ['--yes', '--passphrase-file', wrong];
    refused(await device.run('key', 'change', ...given), 'PASSPHRASE_WRONG');
    await device.ask('key', 'lock');
    refused(await device.run('key', 'change', 'nobody', '--yes'), 'ARGUMENT_INVALID', 2);
    const unlock = await lockFolder(await openFolder(join(people.folder, 'stays/parties/eve')));
    refused(await device.run('key', 'change', '--yes'), 'FOLDER_LOCKED');
    refused(await device.run('key', 'passphrase'), 'FOLDER_LOCKED');
    await unlock();
    const away = ['--yes', '--url', 'http://127.0.0.1:1'];
    refused(await device.run('key', 'change', ...away), 'PEER_UNREACHABLE', 3);
    assert.equal(await readFile(keyFile('stays', 'eve'), 'utf8'), whole);
  });

  it('gives nobody the old seed from memory, and takes its passphrase along', async () => {
    const mia = await people.enrolled('mia', 'doctor');
    await mia.ask('key', 'unlock');
    await mia.ask('key', 'change', '--yes');
    const { keys } = await mia.ask<{ keys: { state: string }[] }>('key', 'list');
    assert.equal(keys[0]?.state, 'locked');
    await mia.ask('party', 'show');
    const exported = join(people.folder, 'mia.key.json');
    await mia.ask('key', 'export', '--out', exported);
    const other = await joined('mia-2');
    await other.ask('key', 'import', exported);
    await other.ask('party', 'show');
    const fresh = join(people.folder, 'mia-new.txt');
    await writeFile(fresh, 'five other words are better\n');
    await mia.ask('key', 'passphrase', '--new-passphrase-file', fresh);
    await mia.ask('party', 'show', '--passphrase-file', fresh);
  });

  it('of the demonstration is changed without a passphrase', async () => {
    const before = await runDemo('key', 'show', 'doctor-2');
    const { signer } = await runDemo('key', 'change', 'doctor-2', '--yes');
    const shown = await runDemo('key', 'show', 'doctor-2');
    assert.deepEqual([shown.address, shown.signer], [before.address, signer]);
    await runDemo('party', 'show', '--as', 'doctor-2');
  });
});

describe('a change of key that breaks off', () => {
  for (const [stage, changing, works] of [
    ['changing the key on the ledger', true, true],
    ['storing the new key', true, false],
    ['turning the keys of the chart', false, true],
  ] as const) {
    it(`loses nothing, says so, and goes on: ${stage}`, async () => {
      const name = `jo-${stage.split(' ')[0]}`;
      const jo = await people.enrolled(name, 'patient');
      await add(jo, 'before');
      await breakOff(name, name, stage);
      const shown = await jo.ask<Shown>('key', 'show');
      assert.equal(shown.changing ?? false, changing);
      const [list, status] = [await jo.run('key', 'list'), await jo.run('status')];
      for (const { stdout } of [list, status]) {
        assert.equal(/The change of the key \S+ is not finished\. Next: /.test(stdout), changing);
      }
      const reading = await jo.run('record', 'list');
      if (works) assert.equal(reading.code, 0, reading.stderr);
      // The device keeps the patient's state under the next key already.
      else refused(reading, 'NOT_FOUND');
      assert.equal(/is not finished/.test(reading.stderr), changing);
      if (changing) {
        // The next key comes along under another passphrase.
        const fresh = join(people.folder, `${name}.txt`);
        await writeFile(fresh, 'five other words are better\n');
        await jo.ask('key', 'passphrase', '--new-passphrase-file', fresh);
        await writeFile(join(people.folder, `${name}-old.txt`), 'five random words are good\n');
        await jo.ask('key', 'change', '--yes', '--passphrase-file', fresh);
        const back = ['--passphrase-file', fresh, '--new-passphrase-file'];
        await jo.ask('key', 'passphrase', ...back, join(people.folder, `${name}-old.txt`));
      } else {
        const { phrase } = await jo.ask<Changed>('key', 'change', '--yes');
        assert.equal(phrase, undefined, 'no second change: the first is finished');
      }
      const after = await jo.ask<Shown>('key', 'show');
      assert.equal(after.changing, undefined);
      assert.notEqual(after.signer, undefined);
      await add(jo, 'after');
      const words = await wordsOf(jo);
      const phone = await joined(`${name}-phone`);
      assert.equal((await restore(phone, name, words)).code, 0);
      assert.equal(await count(phone), await count(jo));
    });
  }
});
