import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KeyFile } from '../../device/keystore.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { chooseKey } from './openVisitor.ts';

const keys = [{ name: 'anna' }, { name: 'house' }] as unknown as readonly KeyFile[];

describe('the key that signs', () => {
  it('is the one that was named, in capitals or not, and none but that', () => {
    assert.equal(chooseKey(keys, { as: 'Anna' }), keys[0]);
    assert.equal(chooseKey(keys.slice(1), {}), keys[1]);
    for (const given of [{}, { as: 'bob' }]) {
      assert.throws(() => chooseKey(keys, given), failsWith('ARGUMENT_INVALID'));
    }
  });
});
