import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { scratchFolder } from '../../src/node/test/scratchFolder.ts';

it('all files of a run of tests have one folder for what they found, which is gone once they ended, also if one fails', async () => {
  const folder = await scratchFolder();
  const notes = ['one', 'two'].map((name) => join(folder, name));
  for (const note of notes) {
    const body = `import { existsSync, writeFileSync } from 'node:fs';
      const { FOUNDED } = process.env;
      if (!existsSync(FOUNDED)) throw new Error('there is no folder');
      writeFileSync(${JSON.stringify(note)}, FOUNDED);
      throw new Error('fails');`;
    await writeFile(`${note}.test.mjs`, body);
  }
  const setup = `--test-global-setup=${join(import.meta.dirname, 'keepFounded.ts')}`;
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, FOUNDED: undefined };
  const files = notes.map((note) => `${note}.test.mjs`);
  const { status } = spawnSync(process.execPath, [setup, '--test', ...files], { env });
  assert.equal(status, 1);
  const named = await Promise.all(notes.map(async (note) => await readFile(note, 'utf8')));
  assert.equal(named[0], named[1]);
  assert.equal(existsSync(named[0] ?? ''), false);
  await rm(folder, { recursive: true });
});
