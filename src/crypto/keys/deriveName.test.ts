import assert from 'node:assert/strict';
import { it } from 'node:test';
import { utf8ToBytes } from '../bytes.ts';
import { deriveName } from './deriveName.ts';

it('a name is of all its fields, apart from each other, and of the seed', () => {
  const seed = new Uint8Array(32).fill(1);
  const [ab, c, a, bc] = ['ab', 'c', 'a', 'bc'].map(utf8ToBytes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  assert.match(deriveName(seed, ab, c), /^[0-9a-f]{32}$/);
  assert.equal(deriveName(seed, ab, c), deriveName(seed, ab, c));
  const names = [
    deriveName(seed, ab, c),
    deriveName(seed, a, bc),
    deriveName(seed, ab),
    deriveName(new Uint8Array(32), ab, c),
  ];
  assert.equal(new Set(names).size, 4);
});
