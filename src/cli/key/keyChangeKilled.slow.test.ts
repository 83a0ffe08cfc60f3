import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { KeyFile } from '../../device/keystore.ts';
import { collectRun, startMedseal } from '../test/runMedseal.ts';
import { startPeople, type People, type Person } from '../test/startPeople.ts';

let people: People;
let anna: Person;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  const file = join(people.folder, 'note.txt');
  await writeFile(file, 'a note\n');
  await anna.ask('record', 'add', file, '-c', 'vitals', '--yes');
});
after(async () => await people.end());

const keyFile = (): string => join(people.folder, 'anna/parties/anna/key.json');

function keyNow(): KeyFile {
  return JSON.parse(readFileSync(keyFile(), 'utf8')) as KeyFile;
}

/** Number of blocks of the ledger, as its endpoint tells. */
async function blocks(): Promise<number> {
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] };
  const answer = await fetch(people.dev.ready.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(call),
  });
  return Number(((await answer.json()) as { result: string }).result);
}

/** Begins a change of the key in a process of its own, and kills that at a moment. */
async function changeAndKill(when: () => Promise<boolean>): Promise<void> {
  const home = join(people.folder, 'anna');
  const child = startMedseal(['key', 'change', '--yes', '--home', home]);
  const ended = collectRun(child);
  while (child.exitCode === null && !(await when())) await setImmediate();
  child.kill('SIGKILL');
  await ended;
}

it('is finished by doing it again, whenever it was killed, and loses nothing', async () => {
  const moments: (() => () => Promise<boolean>)[] = [
    () => async () => await Promise.resolve(keyNow().next !== undefined),
    ...[1, 3, 6].map((later) => () => {
      let from: number | undefined;
      return async (): Promise<boolean> => {
        const block = await blocks();
        from ??= block;
        return block >= from + later;
      };
    }),
    () => {
      const { signer } = keyNow();
      return async () => await Promise.resolve(keyNow().signer !== signer);
    },
  ];
  for (const [place, moment] of moments.entries()) {
    await changeAndKill(moment());
    const { next, address } = keyNow();
    const again = await anna.ask<{ address: string; signer: string }>('key', 'change', '--yes');
    assert.equal(again.address, address);
    if (next !== undefined) assert.equal(again.signer, next.signer, 'no third key');
    const { phrase } = await anna.ask<{ phrase: string }>('key', 'phrase');
    const { records } = await anna.ask<{ records: { record: string }[] }>('record', 'list');
    const got = await anna.run('record', 'get', records[0]?.record ?? '');
    assert.equal(got.code, 0, got.stderr);
    const phone = people.device(`phone-${place}`);
    await phone.ask('join', people.dev.ready.url, '--network', `${people.network}/network.json`);
    const words = await phone.type(`${phrase}\n`, 'key', 'restore', 'anna', '--phrase-file', '-');
    assert.equal(words.code, 0, words.stderr);
  }
  assert.ok(!(await readFile(keyFile(), 'utf8')).includes('"next"'));
});
