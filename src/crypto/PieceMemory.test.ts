import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PieceMemory } from './PieceMemory.ts';

describe('the memory of a stream of pieces', () => {
  it('is fresh for each piece unless it is to be used again', () => {
    const memory = new PieceMemory(undefined);
    const pieces = [5, 5, 0, 7].map((length) => memory.take(length));
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [5, 5, 0, 7],
    );
    assert.equal(new Set(pieces.map(({ buffer }) => buffer)).size, 4);
  });

  it('leaves a piece alone until as many others were taken as are in use at once', () => {
    const memory = new PieceMemory(2);
    const [first, second, third] = [memory.take(10), memory.take(10), memory.take(4)];
    assert.notEqual(second.buffer, first.buffer);
    assert.equal(third.buffer, first.buffer);
    assert.equal(third.length, 4);
    assert.equal(memory.take(10).buffer, second.buffer);
  });

  it('counts no empty piece, which would bring another’s turn too early', () => {
    const memory = new PieceMemory(2);
    const first = memory.take(10);
    assert.equal(memory.take(0).length, 0);
    assert.notEqual(memory.take(10).buffer, first.buffer);
  });

  it('grows with the longest piece', () => {
    const memory = new PieceMemory(1);
    memory.take(10);
    const longer = memory.take(20);
    assert.equal(longer.length, 20);
    assert.equal(memory.take(15).buffer, longer.buffer);
  });
});
