import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { endSpan } from './endSpan.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';

const seed = new Uint8Array(32).fill(1);
const handle = `0x${'22'.repeat(32)}` as const;
const format = 'medseal-keyring/1';

function salts(fill: number): Record<Category, string> {
  const each = CATEGORIES.map((category, place) => {
    return [category, bytesToHex(new Uint8Array(16).fill(fill + place))] as const;
  });
  return Object.fromEntries(each) as Record<Category, string>;
}

describe('a span that is ended', () => {
  it('ends after the last epoch that was prepared, and every epoch until then keeps its keys', () => {
    const before: Keyring = { format, handle, salts: { 128: salts(1) }, prepared: 9 };
    const { keyring, at } = endSpan(seed, before, 4);
    assert.equal(at, 9);
    assert.deepEqual(keyring.salts, {}, 'nothing gives the keys of the epochs after it');
    for (let epoch = 1; epoch <= 9; epoch++) {
      for (const category of CATEGORIES) {
        const key = epochIdentity(seed, keyring, epoch, category);
        assert.equal(key, epochIdentity(seed, before, epoch, category));
      }
    }
  });

  it('is the same if it is ended again, and if it ends before what was prepared anyway', () => {
    const { keyring } = endSpan(seed, { format, handle, salts: { 128: salts(1) }, prepared: 9 }, 4);
    assert.deepEqual(endSpan(seed, keyring, 4), { keyring, at: 9 });
    const both: Keyring = {
      format,
      handle,
      prepared: 130,
      salts: { 128: salts(1), 256: salts(50) },
    };
    assert.deepEqual(endSpan(seed, both, 120), { keyring: both, at: 128 });
    const next = endSpan(seed, both, 129);
    assert.equal(next.at, 130);
    assert.deepEqual(next.keyring.salts, { 128: salts(1) });
  });

  it('brings back no key that was erased', () => {
    const { vitals: _erased, ...left } = salts(1);
    const { keyring } = endSpan(seed, { format, handle, salts: { 128: left }, prepared: 9 }, 4);
    const vitals = (): string => epochIdentity(seed, keyring, 3, 'vitals');
    assert.throws(vitals, failsWith('RECORD_ERASED'));
  });

  it('is not ended by a device that does not know the present epoch', () => {
    const old: Keyring = { format, handle, salts: { 128: salts(1) }, prepared: 9 };
    assert.throws(() => endSpan(seed, old, 10), failsWith('STATE_STALE'));
    assert.throws(() => endSpan(seed, old, 200), failsWith('STATE_STALE'));
  });
});
