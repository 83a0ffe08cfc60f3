import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');

describe('a script that is run by hand', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['bench', 'fuzz', 'simulate', 'keys', 'faults', 'kill', 'soak', 'tamper']) {
    const [, file = '', ...given] = (scripts[name] ?? '').split(' ');
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
