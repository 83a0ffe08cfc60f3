import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { network, primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { blockStatement, conflictOf } from '../../protocol/test/sampleStatements.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { keptConflicts } from './keptConflicts.ts';

const asked = { nonce: word('nonce'), newest: 0 };
const [one, other] = ['hospital', 'insurer'].map((name) => {
  const block = { height: 7, hash: word(name), time: 1000 };
  return blockStatement(signatory(`coordinator of ${name}`), asked, block);
});

// @actor whoever can write to a device's folder | to accuse a coordinator
it('shows each proof of two signed blocks in a folder, and accuses nobody by a file that proves nothing', async (t) => {
  assert.ok(one && other);
  const folder = await temporaryFolder(t);
  const shown = async () => await keptConflicts(primitives, [network], folder);
  assert.deepEqual(await shown(), []);
  assert.deepEqual(await keptConflicts(primitives, [network], join(folder, 'absent')), []);
  for (const [name, content] of [
    ['conflict-1.json', 'rubbish'],
    ['conflict-2.json', JSON.stringify(conflictOf(one, one))],
    [
      'conflict-3.json',
      JSON.stringify(conflictOf(one, { ...other, coordinator: one.coordinator })),
    ],
    ['other-7.json', JSON.stringify(conflictOf(one, other))],
  ] as const) {
    await writeFile(join(folder, name), content);
  }
  assert.deepEqual(await shown(), []);
  const path = join(folder, 'conflict-7.json');
  await writeFile(path, JSON.stringify(conflictOf(one, other)));
  const detail = [
    `the coordinator of hospital (${one.coordinator}) signed ${word('hospital')}`,
    `the coordinator of insurer (${other.coordinator}) signed ${word('insurer')}`,
  ].join('; ');
  const notes = [`the proof is in ${path}: show it to all organisations`];
  assert.deepEqual(await shown(), [{ what: 'block 7 of the ledger', safe: false, detail, notes }]);
});
