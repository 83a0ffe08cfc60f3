import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { makeRetinaImage } from './makeRetinaImage.ts';

describe('makeRetinaImage', () => {
  it('makes a PNG file whose chunks are whole, and whose pixels are as many as it says', () => {
    const file = Buffer.from(makeRetinaImage());
    assert.equal(file.subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n');
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < file.length;) {
      const end = at + 8 + file.readUInt32BE(at);
      assert.equal(file.readUInt32BE(end), crc32(file.subarray(at + 4, end)));
      chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end));
      at = end + 4;
    }
    assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND']);
    const [width, height] = [0, 4].map((at) => chunks.get('IHDR')?.readUInt32BE(at) ?? 0);
    assert.ok(width && height);
    const pixels = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
    assert.equal(pixels.length, height * (1 + width * 3));
  });
});
