import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PNG_START, pngChunk } from '../pngChunk.ts';
import { pngOf } from '../pngOf.ts';
import { halve } from './halve.ts';
import type { Picture } from './Picture.ts';
import { readPng } from './readPng.ts';
import { writePng } from './writePng.ts';

/** Writes a file of colours with a filter on each line, as browsers do. */
function filtered(lines: readonly (readonly number[])[], width: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(lines.length, 4);
  head.set([8, 2], 8);
  const data = deflateSync(Buffer.from(lines.flat()));
  return Buffer.concat([
    PNG_START,
    pngChunk('IHDR', head),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('readPng', () => {
  it('reads what writePng wrote, with the same colours as long as there are few', () => {
    const dots = Uint8Array.from({ length: 5 * 4 * 3 }, (_, at) => (at % 5) * 50);
    const picture: Picture = { width: 5, height: 4, dots };
    assert.deepEqual(readPng(writePng(picture)), picture);
  });

  it('takes the five filters off that PNG has', () => {
    // Two dots a line, of which each part counts on.
    const plain = [10, 20, 30, 40, 50, 60];
    const file = filtered(
      [
        [0, ...plain],
        [1, 10, 20, 30, 30, 30, 30],
        [2, 0, 0, 0, 0, 0, 0],
        [3, 5, 10, 15, 15, 15, 15],
        [4, 0, 0, 0, 0, 0, 0],
      ],
      2,
    );
    const { dots } = readPng(file);
    for (let line = 0; line < 5; line++) {
      assert.deepEqual([...dots.subarray(line * 6, line * 6 + 6)], plain, `line ${line}`);
    }
  });

  it('refuses what is not a picture, and a picture of another kind', () => {
    assert.throws(() => readPng(Buffer.from('a letter')), /not a PNG/);
    assert.throws(() => readPng(pngOf(2, 2, () => 0)), /of eight bits alone/);
  });
});

describe('halve', () => {
  it('takes the mean of four dots, and leaves out a last odd line and column', () => {
    const dots = new Uint8Array(3 * 3 * 3);
    dots.set([100, 0, 8], 0);
    assert.deepEqual(halve({ width: 3, height: 3, dots }), {
      width: 1,
      height: 1,
      dots: Uint8Array.of(25, 0, 2),
    });
  });
});
