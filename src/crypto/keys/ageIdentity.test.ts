import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { bech32 } from '@scure/base';
import { ageIdentity, recipientOf } from './ageIdentity.ts';

describe('age identities', () => {
  it('are written as age-encryption writes them', async () => {
    for (let i = 0; i < 5; i++) {
      const identity = await generateHybridIdentity();
      assert.equal(ageIdentity(bech32.decodeToBytes(identity).bytes), identity);
      assert.equal(await recipientOf(identity), await identityToRecipient(identity));
    }
  });

  it('have this recipient', async () => {
    const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(7)));
    assert.equal(recipient.length, 1_959);
    assert.equal(recipient.slice(0, 32), 'age1pq1pcf8vzu4ye49pfftc6arma5hc');
    assert.equal(
      createHash('sha256').update(recipient).digest('hex'),
      '2e838b94311a1fda9568b8e44e8a8eb6a86290107141a27447ff16235f957f3e',
    );
  });

  it('are not of another kind, cut off or misspelt', async () => {
    const identity = ageIdentity(new Uint8Array(32).fill(7));
    for (const wrong of [
      '',
      await generateX25519Identity(),
      identity.toLowerCase(),
      identity.slice(0, -1),
      `${identity} `,
      identity.replace('PQ-1Q', 'PQ-1P'),
      ageIdentity(new Uint8Array(31)),
      ageIdentity(new Uint8Array(33)),
      await recipientOf(identity),
    ]) {
      await assert.rejects(recipientOf(wrong), (error: Error & { code: string }) => {
        assert.equal(error.code, 'REQUEST_MALFORMED');
        assert.ok(wrong === '' || !`${error.message} ${String(error.cause)}`.includes(wrong));
        return true;
      });
    }
  });
});
