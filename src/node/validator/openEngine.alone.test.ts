import assert from 'node:assert/strict';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import type { EngineTerms } from './engineTermsOf.ts';
import { openEngine } from './openEngine.ts';

const terms = {} as EngineTerms;
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
  it('names the chain that begins with a network’s terms', async () => {
    const chain = `medseal-${'5a'.repeat(16)}`;
    const engine = await playing(`console.log('${JSON.stringify({ chain })}');`);
    assert.equal(await engine.found(join(folder, 'validator'), terms), chain);
  });

  for (const [what, script, reason] of [
    ['says why', 'console.error("no room"); process.exit(1);', 'no room'],
    ['answers something else', 'console.log("hello");', 'its answer is not JSON'],
    ['answers other fields', 'console.log("{}");', 'its answer is malformed'],
  ] as const) {
    it(`fails if it ${what}`, async () => {
      const engine = await playing(script);
      await assert.rejects(engine.found(folder, terms), failsWith('ENGINE_FAILED', { reason }));
    });
  }

  it('fails if its program is not there', async () => {
    const reason = 'the program is not there';
    const absent = openEngine(join(folder, 'none')).found(folder, terms);
    await assert.rejects(absent, failsWith('ENGINE_FAILED', { reason }));
  });
});
