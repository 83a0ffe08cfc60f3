import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startDev, temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { fromPypi } from './fromPypi.ts';

const schemathesis = fromPypi('schemathesis==4.32.5');
const skip = typeof schemathesis === 'string' ? schemathesis : false;

/** With `EVERY=1` each value at the edge of each schema too, which takes two minutes. */
const PHASES = process.env['EVERY'] === undefined ? 'fuzzing' : 'coverage,fuzzing';

describe('Schemathesis', { skip }, () => {
  it('finds no answer that the OpenAPI document does not describe, and nothing malformed that is taken', async (t) => {
    assert.ok(typeof schemathesis !== 'string');
    const folder = await temporaryFolder(t);
    const { ready } = await startDev(t, '--data', folder);
    const { code, stdout, stderr } = schemathesis.run(
      [
        join(schemathesis.folder, 'bin/schemathesis'),
        ['--config-file', join(import.meta.dirname, 'schemathesis.toml')],
        ['run', `${ready.url}/hospital/v1/openapi.json`],
        // The page for people, which a path with a slash at its end is redirected to.
        ['--exclude-path', '/'],
        ['--phases', PHASES, '--max-examples', '5', '--seed', '1'],
        ['--continue-on-failure', '--warnings', 'off', '--no-color'],
      ].flat(),
      { cwd: folder },
    );
    t.diagnostic(/\d+ generated.*/.exec(stdout)?.[0] ?? 'no summary');
    assert.equal(code, 0, stdout.slice(-20_000) + stderr);
  });
});
