import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { collectRun } from '../../src/cli/test/runMedseal.ts';
import { WITHOUT_POSTGRES } from '../../src/database/test/startPostgres.ts';

/** `npm run proof failover` kills each as often as is asked for; here everything happens once or more. */
const { KILLS = '1', SECONDS = 'Infinity', SEED = `slow ${Date.now()}` } = process.env;
const SCRIPT = join(import.meta.dirname, 'failOver.ts');

describe('an organisation with two servers and two machines', { skip: WITHOUT_POSTGRES }, () => {
  // @attack two servers and two machines of an organisation are killed in turn, and its writer stands still and wakes | all that was acknowledged is there, once, and a former writer answers nothing
  it('that are killed under load has everything that was acknowledged, once', async (t) => {
    // Other tests share the processors.
    const patience = ['--takeover', '30'];
    const options = ['--kills', KILLS, '--seconds', SECONDS, '--seed', SEED, ...patience];
    const { code, stdout, stderr } = await collectRun(
      spawn(process.execPath, [SCRIPT, ...options]),
    );
    assert.equal(code, 0, `${stdout}${stderr}`);
    for (const line of stdout.split('\n').filter((each) => each.includes('p50')))
      t.diagnostic(line);
    t.diagnostic(stdout.trim().split('\n').at(-1) ?? '');
  });
});
