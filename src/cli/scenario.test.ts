import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { runMedseal, temporaryFolder } from './test/runMedseal.ts';

interface Printed {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly paper: string;
    readonly outcome: string;
    readonly expected: string;
    readonly log?: string;
  }[];
}

describe('medseal scenario', () => {
  it('plays P2’s thirteen steps with denials between them, on a network that goes afterwards', async (t) => {
    const temporary = await temporaryFolder(t);
    process.env['TMPDIR'] = temporary;
    t.after(() => delete process.env['TMPDIR']);
    const run = await runMedseal('scenario', '--json');
    const { ok, steps } = JSON.parse(run.stdout) as Printed;
    assert.deepEqual([run.code, run.stderr, ok], [0, '', true]);
    for (let number = 1; number <= 13; number++) {
      assert.ok(
        steps.some(({ paper }) => paper === `P2.${number}`),
        `step ${number}`,
      );
    }
    const denials = steps.filter(({ paper }) => paper === 'P2 denial');
    assert.ok(denials.length >= 2);
    assert.ok(denials.every(({ outcome, log }) => outcome === 'refused' && log !== undefined));
    assert.ok(steps.every(({ outcome, expected }) => outcome === expected));
    assert.deepEqual(await readdir(temporary), []);
  });

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
    ]) {
      const run = await runMedseal('scenario', ...args);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.stderr, /ARGUMENT_INVALID/);
    }
  });
});
