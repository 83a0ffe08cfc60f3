import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { keys } from './keys.ts';

describe('keys of a log', () => {
  const place = fc.maxSafeNat();

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
      keys.request(1, digest),
      keys.patient(digest, 1),
      keys.version(digest, digest, 1),
      keys.versionsEnd(digest),
      keys.file(digest),
      ...Array.from({ length: 53 }, (_, level) => keys.hash(level, 1)),
    ];
    assert.equal(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size, all.length);
  });
});
