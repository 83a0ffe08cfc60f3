import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEDGER_READS, type LedgerCall } from './LedgerCall.ts';
import { requireLedgerRead } from './requireLedgerRead.ts';
import { failsWith } from '../test/failsWith.ts';
import { word } from '../test/sampleNetwork.ts';

const HASH = word('a block');
const ADDRESS = `0x${'ab'.repeat(20)}`;
const call = (method: string, ...params: readonly unknown[]): LedgerCall =>
  ({ jsonrpc: '2.0', id: 1, method, params }) as LedgerCall;
const range = (from: string, to: string): object => ({ fromBlock: from, toBlock: to });

describe('a call that only reads the ledger', () => {
  it('is one of the closed list, with exactly its parameters', () => {
    const calls = [
      call('eth_blockNumber'),
      call('eth_chainId'),
      call('eth_getBlockByHash', HASH, true),
      call('eth_getBlockByNumber', '0x0', false),
      call('eth_getBlockByNumber', 'latest', false),
      call('eth_getCode', ADDRESS, 'latest'),
      call('eth_getLogs', { ...range('0x0', '0x7cf'), address: [ADDRESS], topics: [HASH, null] }),
      call('eth_getTransactionByHash', HASH),
      call('eth_getTransactionReceipt', HASH),
    ];
    for (const each of calls) requireLedgerRead(each);
    assert.deepEqual([...new Set(calls.map(({ method }) => method))], [...LEDGER_READS]);
  });

  it('is refused if its method is unknown, writes, computes, or is a name that every object has', () => {
    for (const method of [
      '',
      'eth_sendRawTransaction',
      'eth_sendTransaction',
      'eth_call',
      'eth_estimateGas',
      'eth_newFilter',
      'eth_getProof',
      'debug_traceTransaction',
      'medseal_chain',
      'ETH_CHAINID',
      'toString',
      '__proto__',
    ]) {
      assert.throws(() => requireLedgerRead(call(method)), failsWith('REQUEST_MALFORMED'), method);
    }
  });

  it('is refused with parameters missing, added, or of another form', () => {
    for (const wrong of [
      call('eth_chainId', 1),
      call('eth_getBlockByHash', HASH),
      call('eth_getBlockByHash', HASH, true, true),
      call('eth_getBlockByHash', HASH.toUpperCase(), true),
      call('eth_getBlockByNumber', 'pending', false),
      call('eth_getBlockByNumber', { blockNumber: '0x0' }, false),
      call('eth_getBlockByNumber', '0x00', false),
      call('eth_getBlockByNumber', 0, false),
      call('eth_getBlockByNumber', '0x0', 'false'),
      call('eth_getCode', ADDRESS.slice(0, -1), 'latest'),
      call('eth_getTransactionByHash', [HASH]),
      call('eth_getLogs'),
      call('eth_getLogs', {}),
      call('eth_getLogs', { blockHash: HASH }),
      call('eth_getLogs', range('0x0', 'latest')),
      call('eth_getLogs', { ...range('0x0', '0x1'), limit: 1 }),
      call('eth_getLogs', { ...range('0x0', '0x1'), topics: Array(5).fill(null) }),
      call('eth_getLogs', { ...range('0x0', '0x1'), address: Array(17).fill(ADDRESS) }),
      call('eth_getLogs', { ...range('0x0', '0x1'), topics: [Array(17).fill(HASH)] }),
    ]) {
      assert.throws(
        () => requireLedgerRead(wrong),
        failsWith('REQUEST_MALFORMED'),
        JSON.stringify(wrong),
      );
    }
  });

  it('is refused if it asks for the logs of too many blocks', () => {
    for (const [from, to] of [
      ['0x0', '0x7d0'],
      ['0x1', '0xffffffffffff'],
    ] as const) {
      const wrong = call('eth_getLogs', range(from, to));
      const values = { what: 'range of blocks', limit: 2000 };
      assert.throws(() => requireLedgerRead(wrong), failsWith('REQUEST_TOO_LARGE', values));
    }
  });
});
