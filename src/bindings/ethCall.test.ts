import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { ethCall } from './ethCall.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

const CONTRACT = `0x${'c0'.repeat(20)}` as const;

/** A ledger that answers everything with one value, and keeps what it was asked. */
function answering(value: unknown): LedgerProvider & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    request: async (call) => {
      asked.push(call);
      return value;
    },
  };
}

describe('ethCall', () => {
  it('asks for the newest block, or for the block that is named', async () => {
    const ledger = answering('0x01');
    assert.equal(await ethCall(ledger, CONTRACT, '0xabcd'), '0x01');
    await ethCall(ledger, CONTRACT, '0xabcd', 0);
    await ethCall(ledger, CONTRACT, '0xabcd', 300);
    const call = { to: CONTRACT, data: '0xabcd' };
    assert.deepEqual(ledger.asked, [
      { method: 'eth_call', params: [call, 'latest'] },
      { method: 'eth_call', params: [call, '0x0'] },
      { method: 'eth_call', params: [call, '0x12c'] },
    ]);
  });

  it('says that the ledger is another one if no contract answers', async () => {
    await assert.rejects(ethCall(answering('0x'), CONTRACT, '0x'), (error) =>
      isMedsealError(error, 'LEDGER_OTHER'),
    );
  });

  for (const answer of [undefined, null, 7, {}, '', '0x1', '0xzz', 'abcd']) {
    it(`refuses the answer ${JSON.stringify(answer)}`, async () => {
      await assert.rejects(ethCall(answering(answer), CONTRACT, '0x'), (error) =>
        isMedsealError(error, 'PEER_MALFORMED'),
      );
    });
  }
});
