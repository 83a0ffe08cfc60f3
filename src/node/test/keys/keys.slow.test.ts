import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysRun } from './keysRun.ts';
import { MUTATIONS } from './mutations.ts';

/** Number of sequences; `npm run keys -- --runs N --seed TEXT` tries others. */
const { RUNS = '300' } = process.env;
/** Number of sequences within which each fault must be found. */
const MOST = 120;

it('nobody can open what the model of keys forbids, nor is kept from what it promises', async (t) => {
  const { agrees, output } = await keysRun(['--runs', RUNS, '--seed', 'keys']);
  assert.ok(agrees, output);
  t.diagnostic(output.trim().split('\n').at(-1) ?? '');
});

it('sequences that did not agree with the model once agree with it', async () => {
  const { agrees, output } = await keysRun(['--pinned']);
  assert.ok(agrees, output);
});

describe('the suite of keys finds it where', () => {
  for (const { name } of MUTATIONS) {
    it(name, async (t) => {
      const pinned = await keysRun(['--pinned'], name);
      const random = ['--runs', `${MOST}`, '--seed', 'keys', '--whole'];
      const { agrees, output } = pinned.agrees ? await keysRun(random, name) : pinned;
      assert.equal(agrees, false);
      const found = output.split('\n').filter((line) => line.startsWith('  '));
      t.diagnostic(found[0] ?? output);
      assert.ok(found.length > 0, output);
    });
  }
});
