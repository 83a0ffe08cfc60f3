import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { pooledBytes, pooledConcat, pooledUtf8 } from './pooledBytes.ts';
import { concatBytes, utf8ToBytes } from './bytes.ts';

describe('brief bytes', () => {
  it('are zeros that nothing else is written over, whatever their lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 }), (lengths) => {
        const cuts = lengths.map((length, place) => {
          const bytes = pooledBytes(length);
          assert.equal(bytes.length, length);
          assert.ok(bytes.every((byte) => byte === 0));
          return bytes.fill(place + 1);
        });
        for (const [place, bytes] of cuts.entries()) {
          assert.ok(bytes.every((byte) => byte === place + 1));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('hold parts one after the other as other bytes do', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 9 }), (parts) => {
        assert.deepEqual(pooledConcat(...parts), concatBytes(...parts));
      }),
    );
  });

  it('hold texts of every script, long and short, as other bytes do', () => {
    const texts = [
      '',
      'a',
      'é',
      '語',
      '😀',
      'x'.repeat(2730),
      '語'.repeat(2730),
      '😀'.repeat(5000),
    ];
    for (const text of [...texts, ...texts]) {
      const bytes = pooledUtf8(text);
      assert.deepEqual(bytes, utf8ToBytes(text));
      pooledBytes(100).fill(255);
      assert.deepEqual(bytes, utf8ToBytes(text));
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        assert.deepEqual(pooledUtf8(text), utf8ToBytes(text));
      }),
    );
  });

  it('begin where ciphers are fastest', () => {
    for (const length of [1, 7, 8, 9, 33]) {
      assert.equal(pooledBytes(length).byteOffset % 8, 0);
      assert.equal(pooledUtf8('x'.repeat(length)).byteOffset % 8, 0);
    }
  });
});
