import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { fromBase45, toBase45 } from './base45.ts';

describe('base45', () => {
  it('writes and reads the examples of RFC 9285', () => {
    for (const [text, written] of [
      ['AB', 'BB8'],
      ['Hello!!', '%69 VD92EX0'],
      ['base-45', 'UJCLQE7W581'],
      ['ietf!', 'QED8WEX0'],
    ] as const) {
      assert.equal(toBase45(new TextEncoder().encode(text)), written);
      assert.equal(new TextDecoder().decode(fromBase45(written)), text);
    }
  });

  it('reads back whatever bytes it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(fromBase45(toBase45(bytes)), bytes);
      }),
    );
  });

  it('reads nothing of another character, of a length that no bytes have, or of too large a number', () => {
    for (const text of ['a', 'A', 'ab', 'BB8B', 'Ä00', 'GGX', ':::', '::']) {
      assert.equal(fromBase45(text), undefined, text);
    }
    assert.deepEqual(fromBase45('FGW'), Uint8Array.of(255, 255));
  });
});
