import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keysRun } from './keysRun.ts';

/** `keys.slow.test.ts` goes on from there. */
const RUNS = 3;

it('nobody can open what the model of keys forbids, nor is kept from what it promises', async () => {
  const { agrees, output } = await keysRun(['--runs', `${RUNS}`, '--seed', 'quick']);
  assert.ok(agrees, output);
});
