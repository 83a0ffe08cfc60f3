import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { logRowKeys } from './keys.ts';

describe('keys of a log', () => {
  const place = fc.maxSafeNat();

  it('are in the order of their numbers', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        assert.equal(Buffer.compare(logRowKeys.entry(a), logRowKeys.entry(b)), Math.sign(a - b));
        assert.equal(
          Buffer.compare(logRowKeys.hash(52, a), logRowKeys.hash(52, b)),
          Math.sign(a - b),
        );
      }),
    );
  });

  it('are all different', () => {
    const digest = new Uint8Array(32);
    const all = [
      logRowKeys.identity,
      logRowKeys.size,
      logRowKeys.entry(1),
      logRowKeys.body(1),
      logRowKeys.statement(digest),
      logRowKeys.checkpoint(1),
      logRowKeys.request(1, digest),
      logRowKeys.patient(digest, 1),
      logRowKeys.version(digest, digest, 1),
      logRowKeys.versionsEnd(digest),
      logRowKeys.file(digest),
      logRowKeys.erasure(digest, 1),
      ...Array.from({ length: 53 }, (_, level) => logRowKeys.hash(level, 1)),
    ];
    assert.equal(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size, all.length);
  });
});
