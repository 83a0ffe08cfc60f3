import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { keysRun } from './keysRun.ts';
import { mutated } from './mutated.ts';
import { MUTATIONS } from './mutations.ts';
import { PINNED } from './pinned.ts';

/** `keys.slow.test.ts` goes on from there. */
const RUNS = 1;

it('nobody can open what the model of keys forbids, nor is kept from what it promises', async () => {
  const { agrees, output } = await keysRun([
    '--runs',
    `${RUNS}`,
    '--workers',
    '1',
    '--seed',
    'quick',
  ]);
  assert.ok(agrees, output);
});

it('each fault that the suite must find is of code that is there, and is found by a pinned sequence', async () => {
  const source = join(import.meta.dirname, '../../src');
  for (const mutation of MUTATIONS) {
    for (const other of [mutation, ...(mutation.also ? [mutation.also] : [])]) {
      const text = await readFile(join(source, other.file), 'utf8');
      assert.notEqual(mutated(other, text), text);
    }
    assert.ok(Object.hasOwn(PINNED, mutation.foundBy), mutation.foundBy);
  }
});
