import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, pre, property, uint8Array } from 'fast-check';
import { addressOf } from '../addressOf.ts';
import { portablePrimitives } from '../portablePrimitives.ts';
import { oneTimeAccount, oneTimeKey, shiftBetween, shiftedAccount } from './oneTimeAccount.ts';
import { PartyKeys } from './PartyKeys.ts';

const bytes = (size: number) => uint8Array({ minLength: size, maxLength: size });

/** The account of which a key and a secret give the key. */
function addressOfKey(key: Uint8Array, secret: Uint8Array): string {
  const derived = oneTimeKey(portablePrimitives, key, secret);
  return addressOf(portablePrimitives, portablePrimitives.publicKey(derived));
}

describe('an account that is made for one purpose', () => {
  it('is that of the key which the owner alone derives, and differs by purpose and owner', () => {
    check(
      property(bytes(32), bytes(32), bytes(16), bytes(16), (seed, stranger, one, other) => {
        pre(Buffer.compare(one, other) !== 0 && Buffer.compare(seed, stranger) !== 0);
        const own = new PartyKeys(seed).signingKey();
        const foreign = new PartyKeys(stranger).signingKey();
        const publicKey = portablePrimitives.publicKey(own);
        const account = oneTimeAccount(portablePrimitives, publicKey, one);
        assert.equal(addressOfKey(own, one), account);
        assert.notEqual(addressOfKey(own, other), account);
        assert.notEqual(addressOfKey(foreign, one), account);
        assert.notEqual(account, addressOf(portablePrimitives, publicKey));
      }),
      { numRuns: 20 },
    );
  });

  it('is shown to be its owner’s by the shift between both keys, and by no other to be another’s', () => {
    check(
      property(bytes(32), bytes(32), bytes(16), bytes(32), (seed, stranger, secret, other) => {
        pre(Buffer.compare(seed, stranger) !== 0);
        const own = new PartyKeys(seed).signingKey();
        const foreign = portablePrimitives.publicKey(new PartyKeys(stranger).signingKey());
        const publicKey = portablePrimitives.publicKey(own);
        const account = oneTimeAccount(portablePrimitives, publicKey, secret);
        const shift = shiftBetween(own, oneTimeKey(portablePrimitives, own, secret));
        pre(Buffer.compare(shift, other) !== 0);
        assert.equal(shiftedAccount(portablePrimitives, publicKey, shift), account);
        assert.notEqual(shiftedAccount(portablePrimitives, foreign, shift), account);
        assert.notEqual(shiftedAccount(portablePrimitives, publicKey, other), account);
      }),
      { numRuns: 20 },
    );
    const key = portablePrimitives.publicKey(
      new PartyKeys(new Uint8Array(32).fill(7)).signingKey(),
    );
    for (const none of [0, 255])
      assert.equal(
        shiftedAccount(portablePrimitives, key, new Uint8Array(32).fill(none)),
        undefined,
      );
  });

  it('stays the same from version to version', () => {
    const key = new PartyKeys(new Uint8Array(32).fill(7)).signingKey();
    const secret = new Uint8Array(16).fill(9);
    const account = oneTimeAccount(portablePrimitives, portablePrimitives.publicKey(key), secret);
    assert.equal(account, '0x200aa561eb0a77c1d1b3035e41fa1246738d5dff');
  });
});
