import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GROUPS } from './tasks.ts';

const commands = (await readFile('.ci/run', 'utf8')).split('\n').map((line) => line.trim());

test('CI runs no file by itself, since only npm finds the Node that the package names', () => {
  const bare = commands.filter((line) => /(^|[;&|({] ?|\bexec )(node|npx|tsc) /.test(line));
  assert.deepEqual(bare, []);
});

test('each script and each task that CI calls is defined', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const called = commands.flatMap((line) => [...line.matchAll(/npm run -s ([\w-]+)(?: (\w+))?/g)]);
  assert.ok(called.length > 5);
  for (const [, name = '', task] of called) {
    assert.ok(name in scripts, `no script ${name}`);
    if (task !== undefined) assert.ok(task in GROUPS[name as keyof typeof GROUPS], task);
  }
});

test('CI ends tests that wait for ever', () => {
  const runs = commands.filter((line) => /^(?!section).*npm (?:run -s suite|test)\b/.test(line));
  const alone = runs.filter((line) => !/suite (?:contracts|engine)$/.test(line));
  assert.equal(alone.length, 7);
  for (const line of alone) assert.match(line, /^within \d+ npm /);
});
