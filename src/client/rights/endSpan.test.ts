import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { endSpan } from './endSpan.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';

const handle = `0x${'22'.repeat(32)}` as const;
const format = 'medseal-keyring/2';
const before: Keyring = { format, handle, keys: { 128: keysOfSpan(1) }, prepared: 9 };

describe('a span that is ended', () => {
  it('ends after the last epoch that was prepared, and every epoch until then keeps its keys', () => {
    const { keyring, at } = endSpan(before, 4);
    assert.equal(at, 9);
    assert.deepEqual(Object.keys(keyring.keys), ['9'], 'nothing gives the keys of later epochs');
    for (let epoch = 1; epoch <= 9; epoch++) {
      for (const category of CATEGORIES) {
        const key = epochIdentity(keyring, epoch, category);
        assert.equal(key, epochIdentity(before, epoch, category));
      }
    }
  });

  it('is the same if it is ended again, and if it ends before what was prepared anyway', () => {
    const { keyring } = endSpan(before, 4);
    assert.deepEqual(endSpan(keyring, 4), { keyring, at: 9 });
    const both: Keyring = {
      format,
      handle,
      prepared: 130,
      keys: { 128: keysOfSpan(1), 256: keysOfSpan(50) },
    };
    assert.deepEqual(endSpan(both, 120), { keyring: both, at: 128 });
    const next = endSpan(both, 129);
    assert.equal(next.at, 130);
    assert.deepEqual(Object.keys(next.keyring.keys), ['128', '130']);
    assert.deepEqual(next.keyring.keys[128], keysOfSpan(1));
  });

  it('brings back no key that was erased', () => {
    const { vitals: _erased, ...left } = keysOfSpan(1);
    const { keyring } = endSpan({ ...before, keys: { 128: left } }, 4);
    const vitals = (): string => epochIdentity(keyring, 3, 'vitals');
    assert.throws(vitals, failsWith('RECORD_ERASED'));
  });

  it('is not ended by a device that does not know the present epoch', () => {
    assert.throws(() => endSpan(before, 10), failsWith('STATE_STALE'));
    assert.throws(() => endSpan(before, 200), failsWith('STATE_STALE'));
  });
});
