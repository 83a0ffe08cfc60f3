import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ageIdentity, identitySeed } from './ageIdentity.ts';
import { SPAN, earlierIdentity } from './earlierIdentity.ts';

const last = ageIdentity(new Uint8Array(32).fill(7));

describe('the identity of an earlier epoch', () => {
  it('is this one for this identity, today and in twenty years', () => {
    assert.equal(
      earlierIdentity(last, 1),
      'AGE-SECRET-KEY-PQ-1NVK8FJ3CDQCMCYPD7HAFFUGNK9NWRJMM3MTP6U060D9S8D82NT6QHRXP2E',
    );
  });

  it('has SHA-256 of the label and the later seed for its seed', () => {
    const hash = createHash('sha256').update('medseal/1/earlier-epoch').update(identitySeed(last));
    assert.deepEqual(identitySeed(earlierIdentity(last, 1)), new Uint8Array(hash.digest()));
  });

  it('is the same in one go and step by step, and the identity itself for no step', () => {
    let stepped = last;
    const seen = new Set([last]);
    for (let steps = 1; steps < SPAN; steps++) {
      stepped = earlierIdentity(stepped, 1);
      seen.add(stepped);
      assert.equal(earlierIdentity(last, steps), stepped);
    }
    assert.equal(seen.size, SPAN);
    assert.equal(earlierIdentity(last, 0), last);
  });

  it('refuses steps beyond a span, to a later epoch, or from what is not an identity', () => {
    for (const steps of [-1, 0.5, SPAN, 1e9, Number.NaN]) {
      assert.throws(() => earlierIdentity(last, steps), RangeError);
    }
    assert.throws(() => earlierIdentity('AGE-SECRET-KEY-1X', 1), { code: 'REQUEST_MALFORMED' });
  });
});
