import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roleOfSigner } from './roleOfSigner.ts';

const [ONE, OTHER] = ['0x12345678aa', '0x87654321bb'];
const role = 'Doctor, hospital';

describe('the role of somebody who signed', () => {
  // @attack two people share a role, and one looks as the other | a part of the address stands beside the role of both
  it('has a part of the address beside it for somebody without a name: two of one role differ', () => {
    assert.equal(roleOfSigner({ role }, ONE), 'Doctor, hospital · 0x12345678…');
    assert.notEqual(roleOfSigner({ role }, ONE), roleOfSigner({ role }, OTHER));
    assert.equal(roleOfSigner({}, ONE), '0x12345678…');
  });

  it('stands alone beside a name, if it is known', () => {
    assert.equal(roleOfSigner({ name: 'Dr. Chen', role }, ONE), role);
    assert.equal(roleOfSigner({ name: 'Dr. Chen' }, ONE), undefined);
  });
});
