import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readGiven, readGivenText, readPiped } from './readGiven.ts';
import { temporaryFolder } from '../test/runMedseal.ts';

const refused = failsWith('ARGUMENT_INVALID');

describe('a file that was named on the command line', () => {
  it('is read whole', async (t) => {
    const path = join(await temporaryFolder(t), 'file');
    for (const text of ['', 'x', 'ü'.repeat(100_000)]) {
      await writeFile(path, text);
      assert.equal(await readGivenText(path), text);
    }
  });

  it('is refused where it is a folder, is not there, has no end, or is not text', async (t) => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'file');
    await writeFile(path, Uint8Array.of(0x61, 0xff));
    for (const wrong of [folder, join(folder, 'absent'), join(path, 'below'), 'a\0b', '']) {
      await assert.rejects(readGiven(wrong), refused, wrong);
    }
    await assert.rejects(readGiven('/dev/zero', { most: 1000 }), refused);
    await assert.rejects(readGivenText(path), refused);
  });

  it('may be piped in, as long as it comes to an end', async () => {
    assert.equal(await readPiped(Readable.from([Buffer.from('wo'), Buffer.from('rd')])), 'word');
    await assert.rejects(readPiped(endless()), refused);
    await assert.rejects(readPiped(Readable.from([Buffer.of(0xff)])), refused);
  });
});

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield await Promise.resolve(new Uint8Array(2 ** 20));
}
