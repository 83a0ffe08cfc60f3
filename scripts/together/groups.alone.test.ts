import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { GROUPS as TASKS } from '../tasks.ts';
import { filesOf, GROUPS, SLOW_GROUPS, slowFilesOf, testFiles } from './groups.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Runs test files together in a process of its own, which goes on from here. */
async function run(...bodies: readonly string[]): Promise<{ code: number | null; told: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-together-'));
  const paths = bodies.map((_, place) => join(folder, `${place}.test.mjs`));
  for (const [place, body] of bodies.entries()) {
    const names = 'after, afterEach, before, beforeEach, describe, it, test';
    await writeFile(paths[place] ?? '', `import { ${names} } from 'node:test';\n${body}`);
  }
  const runner = JSON.stringify(join(import.meta.dirname, 'runTogether.ts'));
  const files = JSON.stringify(paths.map((path) => relative(ROOT, path)));
  const main = join(folder, 'all.test.mjs');
  await writeFile(main, `import { runTogether } from ${runner};\nawait runTogether(${files});\n`);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const ran = spawnSync(process.execPath, ['--test', main], { env, encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return { code: ran.status, told: ran.stdout };
}

describe('the tests', () => {
  it('run once each: shared, alone, where the sources are checked, or in the slower suite that their name says', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
    const { sources, api } = TASKS.check;
    const { slow, timed, network } = TASKS.suite;
    const lines = [sources, api, slow, timed, network].map(({ line }) => line);
    const ran = [scripts['test'] ?? '', ...lines].flatMap((line) =>
      [...line.matchAll(/[^\s']+\.test\.ts/g)].flatMap(([pattern]) => testFiles(pattern)),
    );
    assert.deepEqual(
      [...ran, ...GROUPS.flatMap(filesOf), ...SLOW_GROUPS.flatMap(slowFilesOf)].toSorted(),
      testFiles('{{demo,proof,scripts,src,portal/{src,test}}/**,portal}/*.test.ts'),
    );
    for (const group of GROUPS) assert.ok(ran.includes(`scripts/together/${group}.group.test.ts`));
    for (const group of SLOW_GROUPS) {
      assert.ok(ran.includes(`scripts/together/${group}.slow.test.ts`));
    }
  });
});

describe('test files that share a process', () => {
  it('fail each by itself and by its name, also if one cannot be loaded', async () => {
    const { code, told } = await run(
      `it('is well', async () => await null);`,
      `describe('a suite', () => it('is unwell', () => { throw new Error('unwell'); }));`,
      `throw new Error('unloaded');`,
      `test('comes after', () => {});`,
    );
    assert.equal(code, 1);
    for (const line of [/✖ is unwell/, /✖ is loaded/, /unloaded/, /✔ comes after/]) {
      assert.match(told, line);
    }
    assert.match(told, /pass 2\n.*fail 2\n/);
  });

  it('keep their hooks to themselves', async () => {
    const counting = `globalThis.calls ??= [];
      before(() => calls.push('before'));
      beforeEach(() => calls.push('each'));
      afterEach(() => calls.push('after each'));
      after(() => calls.push('after'));
      it('is one', () => {});
      describe('a suite', () => it('is two', () => {}));`;
    const looking = `it('is alone', () => {
      const each = ['each', 'after each'];
      const seen = JSON.stringify(calls);
      if (seen !== JSON.stringify(['before', ...each, ...each, 'after'])) throw new Error(seen);
    });`;
    const { code, told } = await run(counting, looking);
    assert.equal(code, 0, told);
  });

  it('fail by a promise that is rejected if nobody awaits it', async () => {
    const leaving = `it('leaves a promise behind', async () => {
      void (async () => { await null; throw new Error('left behind'); })();
      await new Promise((resolve) => setImmediate(resolve));
    });`;
    const { code, told } = await run(leaving, `it('is well', () => {});`);
    assert.equal(code, 1);
    assert.match(told, /left behind/);
  });
});
