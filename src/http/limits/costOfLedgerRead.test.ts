import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LEDGER_READS, type LedgerCall } from '../../protocol/network/LedgerCall.ts';
import { costOfLedgerRead } from './costOfLedgerRead.ts';

function costOf(method: LedgerCall['method'], ...params: readonly unknown[]): number {
  return costOfLedgerRead({ jsonrpc: '2.0', id: 1, method, params });
}

it('counts a call by what the ledger does for it: a number least, logs by their blocks most', () => {
  assert.equal(costOf('eth_blockNumber'), 1);
  assert.ok(
    costOf('eth_getBlockByNumber', '0x1', false) < costOf('eth_getBlockByNumber', '0x1', true),
  );
  assert.equal(costOf('eth_getLogs', { fromBlock: '0x1', toBlock: '0x1' }), 8);
  assert.equal(costOf('eth_getLogs', { fromBlock: '0x0', toBlock: '0x7d0' }), 508);
});

it('counts every call as something, whatever its params are', () => {
  for (const method of LEDGER_READS) {
    for (const first of [
      undefined,
      null,
      7,
      'x',
      { fromBlock: '0x9', toBlock: '0x1' },
      { toBlock: {} },
    ]) {
      assert.ok(costOf(method, first) >= 1, `${method} ${JSON.stringify(first)}`);
    }
  }
});
