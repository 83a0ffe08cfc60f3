import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeScrypt } from '../../folder/nativeScrypt.ts';
import { utf8ToBytes } from '../bytes.ts';
import { portableScrypt } from './portableScrypt.ts';

describe('scrypt in JavaScript', () => {
  it('gives what the platform’s gives, for every cost', async () => {
    const [password, salt] = [utf8ToBytes('correct horse battery'), utf8ToBytes('salt')];
    for (const cost of [1, 4, 10]) {
      assert.deepEqual(
        new Uint8Array(await portableScrypt(password, salt, cost)),
        new Uint8Array(await nativeScrypt(password, salt, cost)),
      );
    }
  });
});
