import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const commands = (await readFile('.ci/run', 'utf8')).split('\n').map((line) => line.trim());

test('CI runs no file by itself, since only npm finds the Node that the package names', () => {
  const bare = commands.filter((line) => /(^|[;&|({] ?|\bexec )(node|npx|tsc) /.test(line));
  assert.deepEqual(bare, []);
});

test('each script that CI calls is defined', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const called = commands.flatMap(
    (line) => /(?:npm run -s|optional) ([\w:]+)/.exec(line)?.[1] ?? [],
  );
  assert.ok(called.length > 5);
  for (const name of called) assert.ok(name in scripts, `no script ${name}`);
});

test('CI ends tests that wait for ever', () => {
  const runs = commands.filter((line) => /^(?!section).*npm (?:run -s )?test\b/.test(line));
  assert.equal(runs.length, 5);
  for (const line of runs) assert.match(line, /^within \d+ npm /);
});
