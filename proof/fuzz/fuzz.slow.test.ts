import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doors } from './targets.ts';
import { startLife } from './life.ts';
import { runTarget } from './runTarget.ts';

/** Seconds for all doors together; `npm run proof fuzz` tries for as long as is wanted. */
const { SECONDS = '20' } = process.env;

describe('whatever comes in at a door, for longer', () => {
  for (const [name, open] of Object.entries(doors)) {
    it(`is met with an answer or an error that was meant: ${name}`, async (t) => {
      const life = await startLife();
      t.after(async () => await life.close());
      const seconds = Number(SECONDS) / Object.keys(doors).length;
      const options = { name, open, life, seed: 'slow', runs: 100_000, seconds };
      const done = await runTarget(options);
      t.diagnostic(`${done} visits`);
      assert.ok(done > 0);
    });
  }
});
