import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { parseKey } from './keystore.ts';

it('a key file whose name would lead out of the keystore, or whose owner is malformed, is refused', () => {
  const key = {
    format: 'medseal-key/1',
    name: 'house',
    role: 'doctor',
    organisation: 'hospital',
    address: `0x${'ab'.repeat(20)}`,
    demo: false,
    sealed: 'AAAA',
  };
  assert.deepEqual(parseKey('f', JSON.stringify(key)), key);
  const { role: _role, organisation: _organisation, ...before } = key;
  assert.deepEqual(parseKey('f', JSON.stringify(before)), before);
  for (const wrong of [
    { name: '../../house' },
    { name: '' },
    { name: ['house'] },
    { name: { toString: 1 } },
    { address: '0xAB' },
    { address: 7 },
    { role: 'constructor' },
    { role: {} },
    { organisation: '../x' },
    { organisation: 7 },
    { sealed: 7 },
  ]) {
    assert.throws(
      () => parseKey('f', JSON.stringify({ ...key, ...wrong })),
      (error) => isMedsealError(error, 'KEYSTORE_INVALID'),
      JSON.stringify(wrong),
    );
  }
});
