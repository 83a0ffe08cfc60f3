import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysRun } from './keysRun.ts';
import { MUTATIONS } from './mutations.ts';

/** Number of sequences; `npm run proof keys -- --runs N --seed TEXT` tries others. */
const { RUNS = '6' } = process.env;
/** Opening a record takes a release in these, which costs more. */
const GUARDED = `${Math.ceil(Number(RUNS) / 5)}`;

// @class a deposit that holds a key which an erasure destroys | opens it with the phrase for as long as a node keeps the deposit
it('nobody can open what the model of keys forbids, nor is kept from what it promises', async (t) => {
  const { agrees, output } = await keysRun(['--runs', RUNS, '--seed', 'keys']);
  assert.ok(agrees, output);
  t.diagnostic(output.trim().split('\n').at(-1) ?? '');
});

// @class a secret of a patient that does not turn when the key changes | opens what is sealed later, alone or together with a grantee
it('who stole a former key opens nothing of later epochs, also together with whoever may read, though a release guards it', async () => {
  const { agrees, output } = await keysRun(['--guarded', '--runs', GUARDED, '--seed', 'guarded']);
  assert.ok(agrees, output);
});

it('sequences that did not agree with the model once agree with it', async () => {
  const { agrees, output } = await keysRun(['--pinned']);
  assert.ok(agrees, output);
});

/** Every second mutation, each of which is a process of ten seconds; all with `EVERY=1`. */
const tried = MUTATIONS.filter((_, place) => process.env['EVERY'] === '1' || place % 2 === 0);

// Each is a process of its own, with one sequence in one thread.
describe('the suite of keys finds it where', { concurrency: 2 }, () => {
  for (const { name, foundBy, guarded } of tried) {
    it(name, async (t) => {
      const { agrees, output } = await keysRun(
        ['--pinned', '--named', foundBy, ...(guarded === true ? ['--guarded'] : [])],
        name,
      );
      assert.equal(agrees, false, output);
      // A process that fails otherwise has found nothing.
      const [, found] = /^after step \d+:\n {2}(.+)$/m.exec(output) ?? [];
      assert.ok(found !== undefined, output);
      t.diagnostic(found);
    });
  }
});
