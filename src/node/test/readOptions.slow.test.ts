import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { GROUPS } from '../../../scripts/tasks.ts';

const ROOT = join(import.meta.dirname, '../../..');

const { contracts: _contracts, ...proofs } = GROUPS.proof;
/** Lines of the scripts that are run by hand, by how they are called. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bench: 'node bench/run.ts',
  ...Object.fromEntries(Object.entries(proofs).map(([name, { line }]) => [`proof ${name}`, line])),
};

describe('a script that is run by hand', () => {
  for (const [name, line] of Object.entries(SCRIPTS)) {
    const [, file = '', ...given] = line.split(' ');
    const run = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [file, ...given, ...args], { cwd: ROOT, encoding: 'utf8' });

    it(`says what it takes, and refuses all else at once: npm run ${name}`, () => {
      const help = run('--help');
      assert.equal(help.status, 0, String(help.stderr));
      assert.match(String(help.stdout), new RegExp(`^Usage: npm run ${name} -- \\[--.+\\]\n\n\\S`));
      const wrong = run('--nonsense');
      assert.equal(wrong.status, 2);
      assert.match(String(wrong.stderr), /^error: .*--nonsense.*\nUsage: npm run /s);
      assert.doesNotMatch(String(wrong.stderr), /\n\s+at /);
    });
  }
});
