import assert from 'node:assert/strict';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { openEngine } from './openEngine.ts';

let folder: string;
before(async () => (folder = await scratchFolder()));
after(async () => await rm(folder, { recursive: true }));

/** Plays the engine's program. */
async function playing(script: string): Promise<ReturnType<typeof openEngine>> {
  const program = join(folder, 'engine.mjs');
  await writeFile(program, `#!${process.execPath}\n${script}\n`);
  await chmod(program, 0o700);
  return openEngine(program);
}

describe('the engine', () => {
  it('gives the public part of a validator’s keys', async () => {
    const key = `0x${'5a'.repeat(32)}`;
    const id = 'a5'.repeat(20);
    const engine = await playing(`console.log('${JSON.stringify({ key, id })}');`);
    assert.deepEqual(await engine.keys(join(folder, 'validator')), { key, node: id });
  });

  for (const [what, script, reason] of [
    ['says why', 'console.error("no room"); process.exit(1);', 'no room'],
    ['answers something else', 'console.log("hello");', 'its answer is not JSON'],
    ['answers other fields', 'console.log("{}");', 'its answer is malformed'],
  ] as const) {
    it(`fails if it ${what}`, async () => {
      const engine = await playing(script);
      await assert.rejects(engine.keys(folder), failsWith('ENGINE_FAILED', { reason }));
    });
  }

  it('fails if its program is not there', async () => {
    const reason = 'the program is not there';
    const absent = openEngine(join(folder, 'none')).keys(folder);
    await assert.rejects(absent, failsWith('ENGINE_FAILED', { reason }));
  });
});
