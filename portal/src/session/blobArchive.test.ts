import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../../src/crypto/bytes.ts';
import { blobArchive, fileArchive } from './blobArchive.ts';

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return concatBytes(...read);
}

describe('an archive of blobs', () => {
  it('holds what was added, and nothing behind the place that it was cut at', async () => {
    const archive = blobArchive();
    const pieces = Array.from({ length: 12 }, (_, place) => new Uint8Array(2 ** 20).fill(place));
    for (const piece of pieces) await archive.append(piece);
    // Whoever adds may use the memory again.
    pieces[11]?.fill(99);
    assert.equal(await archive.size(), 12 * 2 ** 20);
    assert.deepEqual(await all(archive.read(2 ** 20 - 1, 2 ** 20 + 1)), Uint8Array.of(0, 1));
    await archive.truncate(2 ** 20 + 1);
    await archive.append(Uint8Array.of(7));
    assert.equal(await archive.size(), 2 ** 20 + 2);
    const source = fileArchive(archive.blob());
    assert.deepEqual(await all(source.read(2 ** 20, await source.size())), Uint8Array.of(1, 7));
  });

  it('lets go of what is not read to its end', async () => {
    const archive = blobArchive();
    await archive.append(new Uint8Array(2 ** 20));
    for await (const piece of archive.read(0, 2 ** 20)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal((await all(archive.read(5, 9))).length, 4);
  });
});
