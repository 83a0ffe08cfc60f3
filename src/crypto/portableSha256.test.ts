import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex } from './bytes.ts';
import { portableSha256 } from './portableSha256.ts';

function hashed(pieces: readonly Uint8Array[]): string {
  const hashing = portableSha256();
  for (const piece of pieces) hashing.update(piece);
  return bytesToHex(hashing.digest());
}

describe('portableSha256', () => {
  it('gives the values of FIPS 180-4', () => {
    const ofText = (text: string): string => hashed([new TextEncoder().encode(text)]);
    assert.equal(
      ofText('abc'),
      '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    assert.equal(
      ofText('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
      '0x248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
    assert.equal(
      hashed([new Uint8Array(1_000_000).fill(97)]),
      '0xcdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  it('gives what another implementation gives, of every length around a block', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, at) => at * 37);
      assert.equal(hashed([bytes]), `0x${createHash('sha256').update(bytes).digest('hex')}`);
    }
  });

  it('gives the same however the bytes are cut', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (given) => {
        const whole = createHash('sha256').update(Buffer.concat(given)).digest('hex');
        assert.equal(hashed(given), `0x${whole}`);
      }),
    );
  });
});
