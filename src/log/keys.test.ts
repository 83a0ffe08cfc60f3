import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { keys, number, readNumber } from './keys.ts';

describe('keys of a log', () => {
  const place = fc.maxSafeNat();

  it('hold numbers as 8 bytes big-endian', () => {
    assert.equal(Buffer.from(number(0x1234)).toString('hex'), '0000000000001234');
    assert.equal(Buffer.from(number(2 ** 53 - 1)).toString('hex'), '001fffffffffffff');
    fc.assert(fc.property(place, (n) => readNumber(number(n), 0) === n));
  });

  it('are in the order of their numbers', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        assert.equal(Buffer.compare(keys.entry(a), keys.entry(b)), Math.sign(a - b));
        assert.equal(Buffer.compare(keys.hash(52, a), keys.hash(52, b)), Math.sign(a - b));
      }),
    );
  });

  it('are all different', () => {
    const digest = new Uint8Array(32);
    const all = [
      keys.identity,
      keys.size,
      keys.entry(1),
      keys.body(1),
      keys.statement(digest),
      keys.checkpoint(1),
      keys.request(digest),
      keys.patient(digest, 1),
      keys.version(digest, digest, 1),
      keys.versionsEnd(digest),
      ...Array.from({ length: 53 }, (_, level) => keys.hash(level, 1)),
    ];
    assert.equal(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size, all.length);
  });
});
