import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import { openSeed, sealSeed } from './sealedSeed.ts';

const ADDRESS = `0x${'ab'.repeat(20)}` as const;
const SEED = new Uint8Array(32).fill(7);
const secret = (byte = 3): Uint8Array => new Uint8Array(32).fill(byte);

describe('a seed that is sealed under a passkey', () => {
  it('does not open with another passkey’s secret, for another address, or if any byte was altered', async () => {
    const sealed = await sealSeed(secret(), ADDRESS, SEED);
    const refused = failsWith('SEAL_UNREADABLE');
    await assert.rejects(openSeed(secret(4), ADDRESS, sealed), refused);
    await assert.rejects(openSeed(secret(), `0x${'ac'.repeat(20)}`, sealed), refused);
    await assert.rejects(openSeed(secret(), ADDRESS, sealed.slice(0, -1)), refused);
    await assert.rejects(openSeed(secret(), ADDRESS, new Uint8Array()), refused);
    for (const [at, byte] of sealed.entries()) {
      await assert.rejects(openSeed(secret(), ADDRESS, sealed.with(at, byte ^ 1)), refused);
    }
  });

  it('opens with the secret, which is overwritten, and is sealed differently each time', async () => {
    const [first, second] = [secret(), secret()];
    const sealed = await sealSeed(first, ADDRESS, SEED);
    assert.deepEqual(await openSeed(second, ADDRESS, sealed), SEED);
    assert.deepEqual([...first, ...second], [...new Uint8Array(64)]);
    assert.notDeepEqual(await sealSeed(secret(), ADDRESS, SEED), sealed);
    assert.equal(Buffer.from(sealed).includes(Buffer.from(SEED.subarray(0, 8))), false);
  });
});
