import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keysRun } from './keysRun.ts';

/** `keys.slow.test.ts` goes on from there. */
const RUNS = 4;

it('nobody can open what the model of keys forbids, nor is kept from what it promises', async () => {
  const { agrees, output } = await keysRun(['--runs', `${RUNS}`, '--seed', 'quick']);
  assert.ok(agrees, output);
});

it('sequences that did not agree with the model once agree with it', async () => {
  const { agrees, output } = await keysRun(['--pinned']);
  assert.ok(agrees, output);
});
