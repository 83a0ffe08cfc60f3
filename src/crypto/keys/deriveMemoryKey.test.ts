import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '../bytes.ts';
import { deriveMemoryKey } from './deriveMemoryKey.ts';

it('a key of what a device remembers is of the seed and of its name alone', () => {
  const seed = new Uint8Array(32).fill(1);
  const keys = [
    deriveMemoryKey(seed, 'audit'),
    deriveMemoryKey(seed, 'audits'),
    deriveMemoryKey(new Uint8Array(32), 'audit'),
  ];
  assert.equal(new Set(keys.map(bytesToHex)).size, 3);
  assert.deepEqual(deriveMemoryKey(seed, 'audit'), keys[0]);
  assert.equal(keys[0]?.length, 32);
});
