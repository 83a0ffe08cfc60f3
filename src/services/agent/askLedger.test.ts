import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { LedgerCall } from '../../protocol/network/LedgerCall.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { askLedger } from './askLedger.ts';

const NUMBER = { jsonrpc: '2.0', id: 7, method: 'eth_blockNumber', params: [] } as const;

function ledgerOf(answer: () => Promise<unknown>): LedgerProvider & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async request({ method }) {
      asked.push(method);
      return await answer();
    },
  };
}

describe('an agent that is asked for the ledger', () => {
  it('passes a call that reads on, and repeats its number', async () => {
    const ledger = ledgerOf(async () => await Promise.resolve('0x2a'));
    const answer = await askLedger(ledger)(NUMBER);
    assert.deepEqual(answer, { jsonrpc: '2.0', id: 7, result: '0x2a' });
    assert.deepEqual(ledger.asked, ['eth_blockNumber']);
  });

  it('answers null for what the ledger does not have', async () => {
    const ledger = ledgerOf(async () => await Promise.resolve(undefined));
    assert.equal((await askLedger(ledger)(NUMBER)).result, null);
  });

  it('never passes on a call that writes or computes', async () => {
    const ledger = ledgerOf(async () => await Promise.resolve('0x'));
    for (const method of ['eth_sendRawTransaction', 'eth_call', 'eth_getStorageAt']) {
      const call = { ...NUMBER, method, params: ['0x'] } as unknown as LedgerCall;
      await assert.rejects(askLedger(ledger)(call), failsWith('REQUEST_MALFORMED'));
    }
    assert.deepEqual(ledger.asked, []);
  });

  it('refuses logs of several blocks that are too large, and answers for one block whatever it holds', async () => {
    const ledger = ledgerOf(async () => await Promise.resolve('0'.repeat(4 * 2 ** 20)));
    const logsOf = (fromBlock: string, toBlock: string): LedgerCall => {
      return { ...NUMBER, method: 'eth_getLogs', params: [{ fromBlock, toBlock }] };
    };
    const values = { what: 'answer', limit: 4 * 2 ** 20 };
    const refused = askLedger(ledger)(logsOf('0x1', '0x2'));
    await assert.rejects(refused, failsWith('REQUEST_TOO_LARGE', values));
    await askLedger(ledger)(logsOf('0x2', '0x2'));
    await askLedger(ledger)({ ...NUMBER, method: 'eth_getBlockByNumber', params: ['0x2', true] });
  });
});
