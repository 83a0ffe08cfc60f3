import assert from 'node:assert/strict';
import { appendFile, rename, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import { IN_MEMORY, readSource, type Source } from './readSource.ts';

const NOBODY = { input: (async function* none() {})() };
const CHANGED = failsWith('ARGUMENT_INVALID', {
  reason: 'it changed while it was read; add it again once nobody writes to it',
});

/** Reads it to its end, and does something behind the first piece. */
async function readTo({ content }: Source, during: () => Promise<unknown>): Promise<number> {
  assert.ok(typeof content === 'function');
  let size = 0;
  for await (const piece of content()) {
    if (size === 0) await during();
    size += piece.length;
  }
  return size;
}

describe('a file that is added', () => {
  const changes: readonly (readonly [string, (file: string) => Promise<unknown>])[] = [
    ['grows', async (file) => await appendFile(file, 'more')],
    ['shrinks', async (file) => await truncate(file, IN_MEMORY / 2)],
    ['is written over', async (file) => await utimes(file, 1, 2)],
    ['is another one under its name', async (file) => await rename(`${file}.new`, file)],
    ['is gone', async (file) => await unlink(file)],
  ];
  for (const [what, change] of changes) {
    it(`is refused when it ${what} while it is read`, async (t) => {
      const file = join(await temporaryFolder(t), 'scan.dcm');
      await writeFile(file, Buffer.alloc(IN_MEMORY + 1));
      await writeFile(`${file}.new`, Buffer.alloc(IN_MEMORY + 1));
      const source = await readSource(NOBODY, file);
      await assert.rejects(
        readTo(source, async () => await change(file)),
        CHANGED,
      );
    });
  }

  it('is read as often as it is wanted, while it stays as it is', async (t) => {
    const file = join(await temporaryFolder(t), 'scan.dcm');
    await writeFile(file, Buffer.alloc(IN_MEMORY + 1));
    const source = await readSource(NOBODY, file);
    for (let time = 0; time < 2; time++) {
      assert.equal(await readTo(source, async () => await Promise.resolve()), IN_MEMORY + 1);
    }
    await utimes(file, 1, 2);
    await assert.rejects(
      readTo(source, async () => await Promise.resolve()),
      CHANGED,
    );
  });
});
