import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashOfPieces } from './hashOfPieces.ts';

const LONG = 2_500_000;

function blobOf(change: (bytes: Uint8Array) => void = () => undefined): Blob {
  const bytes = Uint8Array.from({ length: LONG }, (_, at) => at);
  change(bytes);
  return new Blob([bytes]);
}

describe('hashOfPieces', () => {
  it('gives the same of the same content, and another value if one byte of any piece differs', async () => {
    const hash = await hashOfPieces(blobOf(), {});
    assert.deepEqual(await hashOfPieces(blobOf(), {}), hash);
    for (const at of [0, LONG / 2, LONG - 1]) {
      const other = blobOf((bytes) => (bytes[at] = 99 ^ (bytes[at] ?? 0)));
      assert.notDeepEqual(await hashOfPieces(other, {}), hash, String(at));
    }
  });

  it('tells how far it is, and stops when it is ended', async () => {
    const told: number[] = [];
    const ended = new AbortController();
    const onBytes = (bytes: number): void => {
      told.push(bytes);
      if (told.length === 2) ended.abort();
    };
    await assert.rejects(hashOfPieces(blobOf(), { signal: ended.signal, onBytes }), {
      name: 'AbortError',
    });
    assert.deepEqual(told, [1_048_576, 2_097_152]);
  });
});
