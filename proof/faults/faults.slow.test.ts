import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';

/** `npm run proof faults` goes through every step; here it is every so many, as far as there is time for. */
const { EVERY = '7', SECONDS = '40' } = process.env;
const SCRIPT = join(import.meta.dirname, 'runFaults.ts');

it('a machine whose disks fail at any step of any request has everything that it acknowledged, once', (t) => {
  const options = ['--every', EVERY, '--seconds', SECONDS];
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...options], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  t.diagnostic(stdout.trim().split('\n').at(-1) ?? '');
});
