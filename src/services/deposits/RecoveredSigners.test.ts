import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { addressOf } from '../../crypto/addressOf.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { RecoveredSigners } from './RecoveredSigners.ts';

const native = await createNativePrimitives();
let recoveries = 0;
const primitives: typeof native = {
  ...native,
  recover(digest, signature) {
    recoveries += 1;
    return native.recover(digest, signature);
  },
};
const secret = hexToBytes(word('secret'));
const address = addressOf(native, native.publicKey(secret));

function signed(text: string) {
  const digest = word(text);
  return { digest, signature: bytesToHex(native.sign(hexToBytes(digest), secret)) };
}

describe('the signatures that an organisation has recovered', () => {
  it('are recovered once', () => {
    const signers = new RecoveredSigners();
    recoveries = 0;
    const { digest, signature } = signed('one');
    for (const _ of [1, 2, 3]) {
      assert.equal(signers.signerOf({ primitives }, digest, signature), address);
    }
    assert.equal(recoveries, 1);
  });

  it('say nothing about another digest or another signature', () => {
    const signers = new RecoveredSigners();
    const [one, two] = [signed('one'), signed('two')];
    signers.signerOf({ primitives }, one.digest, one.signature);
    assert.notEqual(signers.signerOf({ primitives }, two.digest, one.signature), address);
    const invalid = `0x${'00'.repeat(65)}` as const;
    for (const _ of [1, 2]) {
      assert.throws(
        () => signers.signerOf({ primitives }, one.digest, invalid),
        failsWith('SIGNATURE_INVALID'),
      );
    }
  });

  it('are forgotten, the oldest first, once there are 4,096 newer ones', () => {
    const signers = new RecoveredSigners();
    const { signature } = signed('one');
    for (let place = 0; place <= 4096; place++) {
      signers.signerOf(
        { primitives: { ...native, recover: () => new Uint8Array(65).fill(4) } },
        word(`${place}`),
        signature,
      );
    }
    recoveries = 0;
    signers.signerOf({ primitives }, word('4096'), signature);
    assert.equal(recoveries, 0);
    signers.signerOf({ primitives }, word('0'), signature);
    assert.equal(recoveries, 1);
  });
});
