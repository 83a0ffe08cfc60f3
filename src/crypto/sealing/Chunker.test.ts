import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { concatBytes } from '../bytes.ts';
import { Chunker } from './Chunker.ts';

const streams = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 });

it('Chunker gives full chunks and a last that is empty only if the stream was', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 1, max: 12 }), (pieces, size) => {
      const chunker = new Chunker(size);
      const chunks: Uint8Array[] = [];
      for (const piece of pieces) {
        const announced = chunker.completedBy(piece.length);
        const completed = copies(chunker.push(piece));
        assert.equal(completed.length, announced);
        for (const chunk of completed) assert.equal(chunk.length, size);
        chunks.push(...completed);
      }
      const last = chunker.end();
      const whole = concatBytes(...pieces);
      assert.deepEqual(concatBytes(...chunks, last), whole);
      assert.ok(last.length <= size);
      assert.equal(last.length === 0, whole.length === 0);
    }),
  );
});

it('Chunker holds nothing of a piece that its owner then uses again', () => {
  const chunker = new Chunker(4);
  const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const chunks = copies(chunker.push(buffer));
  buffer.fill(9);
  chunks.push(...copies(chunker.push(Uint8Array.of(7, 8, 9))));
  assert.deepEqual(chunks, [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)]);
  assert.deepEqual(chunker.end(), Uint8Array.of(9));
});

/** A chunk is valid until the next is asked for, so each is copied as it comes. */
function copies(chunks: Iterable<Uint8Array>): Uint8Array[] {
  return Array.from(chunks, (chunk) => chunk.slice());
}
