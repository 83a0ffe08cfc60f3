import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { mergeServedNotes } from '../../client/letters/servedBy.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { writeKey } from '../../device/keystore.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findHome, nodesOf, writeHomeSettings, type Home } from './Home.ts';
import { nodesAt } from './Nodes.ts';
import { keysOf, reachNodeOf } from './openVisitor.ts';

const URLS = { anna: 'https://pharmacy.example', bob: 'https://insurer.example' } as const;
const demo = { demo: true };

let home: Home;
let notes: string[];
const told = { note: (text: string) => void notes.push(text) };

beforeEach(async () => {
  notes = [];
  home = findHome({ home: await mkdtemp(join(tmpdir(), 'medseal-home-')) });
  await writeHomeSettings(home, nodesAt(['http://a.example']));
  for (const [name, organisation] of [
    ['anna', 'pharmacy'],
    ['bob', 'insurer'],
  ] as const) {
    const seed = `0x${name === 'anna' ? '5a'.repeat(32) : '5b'.repeat(32)}` as const;
    const address = `0x${name === 'anna' ? '11'.repeat(20) : '12'.repeat(20)}` as const;
    const owner = { role: 'patient', organisation: 'hospital' } as const;
    const key = { format: 'medseal-key/1', name, demo: true, address, seed, ...owner } as const;
    await writeKey(home.keystore, key);
    const device = await openDeviceFolder(join(home.keystore, name));
    const clock = { now: () => 2_000_000_000_000 };
    const note = { kind: 'servedBy', organisation, url: URLS[name], at: 1_800_000_000 } as const;
    await mergeServedNotes({ device, clock } as never, [note]);
  }
});
afterEach(async () => await rm(home.path, { recursive: true }));

/** Alters a value that a party's device stores, as a bad disk does. */
async function damage(name: string, file: string): Promise<void> {
  const path = join(home.keystore, name, file);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/[0-9a-f]{6}/, 'zzzzzz'));
}

describe('a party’s damaged device in a home', () => {
  const served = 'device/served-by.json';

  it('stops no command of another party: it is named, and its move alone is not known', async () => {
    assert.deepEqual((await nodesOf(home)).urls, { pharmacy: URLS.anna, insurer: URLS.bob });
    await damage('bob', served);
    assert.deepEqual((await nodesOf(home, [], told)).urls, { pharmacy: URLS.anna });
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /^The device of bob is left out\. .*served-by\.json was damaged/);
  });

  it('is left out too if others can write to it, and nothing of it is read', async () => {
    await chmod(join(home.keystore, 'bob'), 0o770);
    assert.deepEqual((await nodesOf(home, [], told)).urls, { pharmacy: URLS.anna });
    assert.match(notes.join(), /^The device of bob is left out\./);
  });

  it('refuses the party’s own commands', async () => {
    await damage('bob', served);
    const [, bob] = await keysOf(home, demo);
    assert.ok(bob?.name === 'bob');
    const terminal = told as Terminal;
    const reaching = reachNodeOf(terminal, { home, known: network, key: bob }, {});
    await assert.rejects(reaching, failsWith('FOLDER_FOREIGN'));
  });
});

describe('a party’s damaged key in a home', () => {
  beforeEach(async () => await damage('bob', 'key.json'));

  it('stops no command that names another key: it is named, and left out', async () => {
    const keys = await keysOf(home, demo, { as: 'ANNA', told });
    assert.deepEqual(
      keys.map(({ name }) => name),
      ['anna'],
    );
    assert.match(notes.join(), /^The device of bob is left out\./);
  });

  it('refuses a command that names it, and one that names no key: it could sign as the other', async () => {
    for (const wanted of [{ as: 'bob' }, { as: 'Bob', told }, { told }, {}]) {
      await assert.rejects(keysOf(home, demo, wanted), failsWith('KEYSTORE_INVALID'));
    }
    assert.deepEqual(notes, []);
  });
});
