import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { epochIdentity, preparedIn } from './epochIdentity.ts';

const handle = `0x${'22'.repeat(32)}` as const;

/** A keyring with spans that end with these epochs. */
function keyring(ends: readonly number[], prepared?: number): Keyring {
  const keys = Object.fromEntries(ends.map((end) => [end, keysOfSpan(end % 200)]));
  const format = 'medseal-keyring/2';
  return { format, handle, keys, ...(prepared !== undefined && { prepared }) };
}

function keyAt(ring: Keyring, end: number): string {
  return ring.keys[end]?.vitals ?? assert.fail();
}

describe('an epoch’s identity', () => {
  it('follows from the key of the last epoch of its span', () => {
    const ring = keyring([128, 256], 150);
    for (const [epoch, end] of [
      [128, 128],
      [127, 128],
      [1, 128],
      [129, 256],
      [150, 256],
    ] as const) {
      const expected = earlierIdentity(keyAt(ring, end), end - epoch);
      assert.equal(epochIdentity(ring, epoch, 'vitals'), expected);
    }
  });

  it('is pending if the keyring lacks the span, though it has a later one', () => {
    const ring = keyring([256, 384], 300);
    for (const epoch of [1, 127, 128]) {
      assert.throws(() => epochIdentity(ring, epoch, 'vitals'), failsWith('KEY_PENDING'));
    }
    assert.equal(epochIdentity(ring, 129, 'vitals'), earlierIdentity(keyAt(ring, 256), 127));
  });

  it('is, where each epoch has a key, that one', () => {
    const ring = keyring([1, 2, 3]);
    for (const epoch of [1, 2, 3]) {
      assert.equal(epochIdentity(ring, epoch, 'vitals'), keyAt(ring, epoch));
    }
    assert.equal(preparedIn(ring), 3);
    const later = keyring([1, 2, 3, 128], 12);
    assert.equal(epochIdentity(later, 3, 'vitals'), keyAt(later, 3));
    assert.equal(epochIdentity(later, 4, 'vitals'), earlierIdentity(keyAt(later, 128), 124));
  });

  it('does not exist for an epoch that was not prepared, though its key is there', () => {
    const ring = keyring([128], 12);
    assert.equal(preparedIn(ring), 12);
    for (const epoch of [13, 128, 129]) {
      assert.throws(() => epochIdentity(ring, epoch, 'vitals'), failsWith('KEY_PENDING'));
    }
    assert.equal(preparedIn(keyring([])), 0);
    assert.throws(() => epochIdentity(keyring([]), 1, 'vitals'), failsWith('KEY_PENDING'));
  });

  it('is gone with the key of its span, for that category alone', () => {
    const ring = keyring([128], 12);
    const { vitals: _, ...others } = ring.keys[128] ?? assert.fail();
    const erased = { ...ring, keys: { 128: others } };
    assert.throws(() => epochIdentity(erased, 3, 'vitals'), failsWith('RECORD_ERASED'));
    assert.throws(() => epochIdentity(erased, 13, 'vitals'), failsWith('KEY_PENDING'));
    assert.equal(epochIdentity(erased, 3, 'imaging'), epochIdentity(ring, 3, 'imaging'));
  });
});
