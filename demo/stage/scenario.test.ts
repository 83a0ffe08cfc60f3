import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { runMedseal, temporaryFolder } from '../../src/cli/test/runMedseal.ts';

interface Printed {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly paper: string;
    readonly outcome: string;
    readonly expected: string;
    readonly log?: string;
  }[];
}

// `verify/verify.test.ts` plays it to its end, and `scenario.slow.test.ts` looks at each step.
describe('medseal scenario', () => {
  it('ends with 1 where a step goes otherwise', async (t) => {
    const folder = await temporaryFolder(t);
    const path = `${folder}/bundle.json`;
    const entry = [{ resource: { resourceType: 'Patient', birthDate: 'not a date' } }];
    await writeFile(path, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
    const run = await runMedseal('scenario', '--bundle', path, '--json');
    const { ok, steps } = JSON.parse(run.stdout) as Printed;
    assert.deepEqual([run.code, ok], [1, false]);
    const last = steps.at(-1);
    assert.deepEqual([last?.paper, last?.outcome, last?.expected], ['P2.2', 'refused', 'accepted']);
  });

  it('says what is wrong with its arguments, with exit code 2', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(`${folder}/broken.json`, '{');
    for (const args of [
      ['--bundle', `${folder}/absent.json`],
      ['--bundle', `${folder}/broken.json`],
      ['--care', '--issuer', folder],
      ['--network', folder, '--home', folder],
      ['--network', folder, '--unguarded'],
      ['--network', `${folder}/broken.json`],
    ]) {
      const run = await runMedseal('scenario', ...args);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.stderr, /ARGUMENT_INVALID/);
    }
    const nothing = await runMedseal('scenario', '--network', folder);
    assert.deepEqual([nothing.code, /HOME_UNJOINED/.test(nothing.stderr)], [1, true]);
    const broker = await runMedseal('scenario', '--broker', 'mqtt://broker.example');
    assert.deepEqual([broker.code, broker.stdout], [1, '']);
    assert.match(broker.stderr, /CONFIGURATION_INVALID/);
  });
});
