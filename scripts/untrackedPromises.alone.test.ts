import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const PRELOAD = join(import.meta.dirname, 'untrackedPromises.ts');

/** Runs tests in a process of their own. */
async function run(body: string): Promise<{ readonly code: number | null; readonly told: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-untracked-'));
  const path = join(folder, 'one.test.mjs');
  await writeFile(path, `import { describe, it } from 'node:test';\n${body}`);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const ran = spawnSync(process.execPath, ['--import', PRELOAD, '--test', path], { env });
  await rm(folder, { recursive: true });
  return { code: ran.status, told: ran.stdout.toString() };
}

describe('tests whose promises are not tracked', () => {
  it('fail by a promise that is rejected if nobody awaits it', async () => {
    const leaving = `describe('a suite', () => {
      it('leaves a promise behind', async () => {
        void (async () => { await null; throw new Error('left behind'); })();
        await new Promise((resolve) => setImmediate(resolve));
      });
    });`;
    const { code, told } = await run(leaving);
    assert.equal(code, 1);
    assert.match(told, /left behind/);
  });

  it('fail by an assertion after they awaited, each by itself and by its name', async () => {
    const failing = `describe('a suite', () => {
      it('is well', async () => await null);
      it('is unwell', async () => { await null; throw new Error('unwell'); });
    });`;
    const { code, told } = await run(failing);
    assert.equal(code, 1);
    assert.match(told, /✖ is unwell/);
    assert.match(told, /pass 1\n.*fail 1\n/);
  });
});
