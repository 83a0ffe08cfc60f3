import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes,
} from './bytes.ts';
import { someOf } from '../protocol/test/share.ts';

const MALFORMED = { code: 'REQUEST_MALFORMED' };

describe('hexadecimal', () => {
  it('stands for bytes, both ways, in capitals too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = bytesToHex(bytes);
        assert.equal(text, `0x${Buffer.from(bytes).toString('hex')}`);
        assert.deepEqual(hexToBytes(text), bytes);
        assert.deepEqual(hexToBytes(`0x${text.slice(2).toUpperCase()}`), bytes);
      }),
    );
  });

  for (const wrong of [
    '',
    '0',
    '0x0',
    '00',
    '0X00',
    'x00',
    '0xg0',
    '0x0g',
    '0x 0',
    '0x-1',
    '0x１１',
    '0x0\n',
    ' 0x00',
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => hexToBytes(wrong), MALFORMED);
    });
  }

  it('has no character but the 22 digits', () => {
    const codes = [...Array(0x1_0000).keys()];
    for (const code of [...codes.slice(0, 0x300), ...someOf(codes.slice(0x300), 37)]) {
      const text = `0x0${String.fromCharCode(code)}`;
      const digit = /^[0-9a-f]$/i.test(text.slice(3));
      if (digit) assert.equal(hexToBytes(text)[0], Number(text));
      else assert.throws(() => hexToBytes(text), MALFORMED);
    }
  });
});

describe('UTF-8', () => {
  it('comes back as the text that it was, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(bytesToUtf8(utf8ToBytes(text)), text);
      }),
    );
    assert.equal(bytesToUtf8(utf8ToBytes('\ufeffa')), '\ufeffa');
  });

  for (const wrong of ['0x80', '0xc0af', '0xeda080', '0xf4908080', '0xe282']) {
    it(`is not ${wrong}`, () => {
      assert.throws(() => bytesToUtf8(hexToBytes(wrong)), MALFORMED);
    });
  }
});

describe('byte strings', () => {
  it('are put together in order, into one that none of the parts shares', () => {
    const part = Uint8Array.of(1, 2);
    const whole = concatBytes(part, new Uint8Array(), Uint8Array.of(3));
    assert.deepEqual(whole, Uint8Array.of(1, 2, 3));
    part.fill(0);
    assert.deepEqual(whole, Uint8Array.of(1, 2, 3));
    assert.deepEqual(concatBytes(), new Uint8Array());
  });

  it('are equal where lengths and bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
        assert.ok(equalBytes(left, left.slice()));
        assert.equal(equalBytes(left, right), bytesToHex(left) === bytesToHex(right));
      }),
    );
    assert.ok(!equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0)));
  });
});
