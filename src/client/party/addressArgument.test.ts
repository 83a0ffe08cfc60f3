import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addressArgument } from './addressArgument.ts';

/** An example of EIP-55. */
const CHECKSUMMED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

describe('an address that a program passes', () => {
  it('is taken in small letters and with EIP-55’s capitals', () => {
    const lower = CHECKSUMMED.toLowerCase();
    for (const value of [CHECKSUMMED, lower]) {
      assert.equal(addressArgument({ primitives }, value, 'grantee'), lower);
    }
  });

  it('is refused with capitals that are not those of its checksum, and if it is not an address', () => {
    const mistyped = CHECKSUMMED.replace('aA', 'AA');
    for (const value of [mistyped, 'bob', 7 as never]) {
      assert.throws(
        () => addressArgument({ primitives }, value, 'grantee'),
        failsWith('ARGUMENT_INVALID'),
      );
    }
  });
});
