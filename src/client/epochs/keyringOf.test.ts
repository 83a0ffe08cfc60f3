import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { deriveEpochIdentity } from '../../crypto/keys/deriveEpochIdentity.ts';
import { earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import type { SeededKeyring } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { SPAN_KEYS } from '../../protocol/rights/epochs.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { seededKeyring } from '../test/seededKeyring.ts';
import { epochIdentity, preparedIn } from './epochIdentity.ts';
import { keyringOf } from './keyringOf.ts';

const seed = new Uint8Array(32).fill(1);
const handle = `0x${'22'.repeat(32)}` as const;

/** The identity as the version before derived it. */
function before(ring: SeededKeyring, epoch: number, end: number, key: 'vitals' | 'own'): string {
  const salt = hexToBytes(ring.salts[end]?.[key] ?? assert.fail());
  return earlierIdentity(
    deriveEpochIdentity(seed, { handle, category: key, epoch: end, salt }),
    end - epoch,
  );
}

describe('a keyring of the version before', () => {
  it('keeps all keys of its prepared epochs, and has none that gives later ones', () => {
    const ring = seededKeyring(handle, [128, 256], 150);
    const brought = keyringOf(seed, ring);
    assert.deepEqual(Object.keys(brought.keys), ['128', '150']);
    assert.equal(preparedIn(brought), 150);
    for (const epoch of [1, 77, 128, 129, 150]) {
      for (const key of ['vitals', 'own'] as const) {
        const expected = before(ring, epoch, epoch > 128 ? 256 : 128, key);
        assert.equal(epochIdentity(brought, epoch, key), expected);
      }
    }
    assert.equal(brought.former, undefined, 'nobody else had its keys');
    assert.deepEqual(keyringOf(seed, brought), brought);
    assert.deepEqual(keyringOf(new Uint8Array(32), brought), brought, 'no seed matters any more');
  });

  it('keeps what a former key had closed, past which the keys still turn', () => {
    const ring = { ...seededKeyring(handle, [128], 20), closed: { 9: keysOfSpan(70) } };
    const brought = keyringOf(seed, ring);
    assert.deepEqual(Object.keys(brought.keys), ['9', '20']);
    assert.deepEqual(brought.keys[9], keysOfSpan(70));
    assert.equal(brought.former, 9);
  });

  it('brings back no key that was erased, open or closed', () => {
    const ring = seededKeyring(handle, [128], 20);
    const { vitals: _salt, ...salts } = ring.salts[128] ?? assert.fail();
    const { vitals: _key, ...closed } = keysOfSpan(70);
    const brought = keyringOf(seed, { ...ring, salts: { 128: salts }, closed: { 9: closed } });
    for (const epoch of [3, 20]) {
      const vitals = (): string => epochIdentity(brought, epoch, 'vitals');
      assert.throws(vitals, failsWith('RECORD_ERASED'));
      for (const key of SPAN_KEYS) {
        if (key !== 'vitals') assert.ok(epochIdentity(brought, epoch, key));
      }
    }
  });

  it('is of a chart that has no epoch, or one salt for each', () => {
    const { prepared: _, ...none } = seededKeyring(handle, [], 0);
    assert.deepEqual(keyringOf(seed, none).keys, {});
    const { prepared: __, ...each } = seededKeyring(handle, [1, 2, 3], 3);
    const brought = keyringOf(seed, each);
    assert.equal(preparedIn(brought), 3);
    assert.equal(epochIdentity(brought, 2, 'vitals'), before(each, 2, 2, 'vitals'));
  });
});
