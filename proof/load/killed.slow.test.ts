import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';
import { collectRun } from '../../src/cli/test/runMedseal.ts';

/** `npm run proof kill` kills as often as is asked for; here it is as often as there is time for. */
const { KILLS = '1000', SECONDS = '25', SEED = `slow ${Date.now()}` } = process.env;
const SCRIPT = join(import.meta.dirname, 'killNodes.ts');

it('a node that is killed under load has everything that it acknowledged, once', async (t) => {
  const options = ['--kills', KILLS, '--seconds', SECONDS, '--seed', SEED];
  const { code, stdout, stderr } = await collectRun(spawn(process.execPath, [SCRIPT, ...options]));
  assert.equal(code, 0, `${stdout}${stderr}`);
  t.diagnostic(stdout.trim().split('\n').at(-1) ?? '');
});
