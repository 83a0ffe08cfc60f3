import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { deriveEpochIdentity } from '../../crypto/keys/deriveEpochIdentity.ts';
import { earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { epochIdentity, preparedIn } from './epochIdentity.ts';

const seed = new Uint8Array(32).fill(1);
const handle = `0x${'22'.repeat(32)}` as const;

/** A keyring with spans that end with these epochs. */
function keyring(ends: readonly number[], prepared?: number): Keyring {
  const salts = ends.map((end) => {
    const each = CATEGORIES.map((category, place) => {
      return [category, bytesToHex(new Uint8Array(16).fill((end % 200) + place))] as const;
    });
    return [end, Object.fromEntries(each) as Record<Category, string>] as const;
  });
  const format = 'medseal-keyring/1';
  return { format, handle, salts: Object.fromEntries(salts), ...(prepared && { prepared }) };
}

function salted(ring: Keyring, epoch: number): string {
  const salt = new Uint8Array(Buffer.from(ring.salts[epoch]?.vitals?.slice(2) ?? '', 'hex'));
  return deriveEpochIdentity(seed, { handle, category: 'vitals', epoch, salt });
}

describe('an epoch’s identity', () => {
  it('follows from the salt of the last epoch of its span', () => {
    const ring = keyring([128, 256], 150);
    for (const [epoch, end] of [
      [128, 128],
      [127, 128],
      [1, 128],
      [129, 256],
      [150, 256],
    ] as const) {
      const expected = earlierIdentity(salted(ring, end), end - epoch);
      assert.equal(epochIdentity(seed, ring, epoch, 'vitals'), expected);
    }
  });

  it('is, where each epoch has a salt, what follows from that alone', () => {
    const ring = keyring([1, 2, 3]);
    for (const epoch of [1, 2, 3]) {
      assert.equal(epochIdentity(seed, ring, epoch, 'vitals'), salted(ring, epoch));
    }
    assert.equal(preparedIn(ring), 3);
    const later = keyring([1, 2, 3, 128], 12);
    assert.equal(epochIdentity(seed, later, 3, 'vitals'), salted(later, 3));
    assert.equal(epochIdentity(seed, later, 4, 'vitals'), earlierIdentity(salted(later, 128), 124));
  });

  it('does not exist for an epoch that was not prepared, though its salt is there', () => {
    const ring = keyring([128], 12);
    assert.equal(preparedIn(ring), 12);
    for (const epoch of [13, 128, 129]) {
      assert.throws(() => epochIdentity(seed, ring, epoch, 'vitals'), failsWith('KEY_PENDING'));
    }
    assert.equal(preparedIn(keyring([])), 0);
    assert.throws(() => epochIdentity(seed, keyring([]), 1, 'vitals'), failsWith('KEY_PENDING'));
  });

  it('is gone with the salt of its span, for that category alone', () => {
    const ring = keyring([128], 12);
    const { vitals: _, ...others } = ring.salts[128] ?? assert.fail();
    const erased = { ...ring, salts: { 128: others } } as unknown as Keyring;
    assert.throws(() => epochIdentity(seed, erased, 3, 'vitals'), failsWith('RECORD_ERASED'));
    assert.throws(() => epochIdentity(seed, erased, 13, 'vitals'), failsWith('KEY_PENDING'));
    assert.equal(
      epochIdentity(seed, erased, 3, 'imaging'),
      epochIdentity(seed, ring, 3, 'imaging'),
    );
  });
});
