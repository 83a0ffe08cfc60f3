import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { answerJsonRpc } from './answerJsonRpc.ts';
import { LedgerRejection } from './LedgerRejection.ts';

/** Answers with its parameters, or fails as its name says. */
const provider: LedgerProvider = {
  async request({ method, params = [] }) {
    if (method === 'revert') throw new LedgerRejection(3, 'execution reverted', '0x12345678');
    if (method === 'stop') throw new MedsealError('LEDGER_STOPPED', {});
    if (method === 'break') throw new MedsealError('INTERNAL', {}, { cause: new Error('secret') });
    if (method === 'crash') throw new TypeError('secret at /home/someone');
    return await Promise.resolve(params);
  },
};

const answer = async (body: unknown) => await answerJsonRpc(provider, body, { now: () => 0 });
const call = (id: number | undefined, method: string) => ({ jsonrpc: '2.0', id, method });
const failed = (id: unknown, code: number, message: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

describe('a JSON-RPC answer', () => {
  it('has the id and the result of the call', async () => {
    for (const id of [1, 'a', null, 0]) {
      const call = { jsonrpc: '2.0', id, method: 'echo', params: [1, 'x'] };
      assert.deepEqual(await answer(call), { jsonrpc: '2.0', id, result: [1, 'x'] });
    }
    const bare = { jsonrpc: '2.0', id: 1, method: 'echo' };
    assert.deepEqual(await answer(bare), { jsonrpc: '2.0', id: 1, result: [] });
  });

  it('is nothing for a notification, even one that fails', async () => {
    assert.equal(await answer({ jsonrpc: '2.0', method: 'echo' }), undefined);
    assert.equal(await answer({ jsonrpc: '2.0', method: 'crash' }), undefined);
    assert.equal(await answer([{ jsonrpc: '2.0', method: 'echo' }]), undefined);
  });

  it('is a list for a batch, in its order, without the notifications', async () => {
    assert.deepEqual(
      await answer([call(2, 'echo'), call(undefined, 'echo'), call(1, 'revert'), 7]),
      [
        { jsonrpc: '2.0', id: 2, result: [] },
        {
          jsonrpc: '2.0',
          id: 1,
          error: { code: 3, message: 'execution reverted', data: '0x12345678' },
        },
        failed(null, -32600, 'invalid request'),
      ],
    );
  });

  it('refuses what is not JSON-RPC', async () => {
    assert.deepEqual(await answer(undefined), failed(null, -32700, 'parse error'));
    const invalid = failed(null, -32600, 'invalid request');
    const shapes = [null, 7, 'x', {}, { jsonrpc: '1.0', id: null, method: 'echo' }];
    for (const body of [
      ...shapes,
      { jsonrpc: '2.0', method: 7 },
      { jsonrpc: '2.0', id: {}, method: 'echo' },
    ]) {
      assert.deepEqual(await answer(body), invalid);
    }
    assert.deepEqual(
      await answer({ jsonrpc: '2.0', id: 5, method: 'echo', params: { a: 1 } }),
      failed(5, -32602, 'parameters must be a list'),
    );
  });

  it('refuses an empty batch and one that is too long', async () => {
    assert.deepEqual(await answer([]), failed(null, -32600, 'empty batch'));
    const many = Array.from({ length: 201 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'echo' }));
    assert.deepEqual(await answer(many), failed(null, -32600, 'batch has more than 200 calls'));
    assert.equal(((await answer(many.slice(1))) as unknown[]).length, 200);
  });

  it('does no more of a batch than one request may ask for, and says so', async () => {
    let now = 0;
    const slow: LedgerProvider = {
      async request() {
        now += 4000;
        return await Promise.resolve('done');
      },
    };
    const batch = Array.from({ length: 40 }, (_, id) => call(id, 'echo'));
    const timed = (await answerJsonRpc(slow, batch, { now: () => now })) as object[];
    assert.deepEqual(timed.at(-1), failed(39, -32005, 'the batch asks for too much'));
    assert.deepEqual(timed[0], { jsonrpc: '2.0', id: 0, result: 'done' });
    assert.ok(timed.filter((each) => 'result' in each).length < 20);

    const long = 'x'.repeat(4 * 2 ** 20);
    const wide: LedgerProvider = { request: async () => await Promise.resolve(long) };
    const sized = (await answerJsonRpc(wide, batch, { now: () => 0 })) as object[];
    assert.equal(sized.length, 40);
    assert.ok(JSON.stringify(sized).length < 40 * 2 ** 20);
    assert.deepEqual(sized.at(-1), failed(39, -32005, 'the batch asks for too much'));
  });

  it('says that the ledger stopped, and nothing of what broke inside', async () => {
    assert.deepEqual(await answer(call(1, 'stop')), {
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32002,
        message: 'The ledger stopped after a failed write.',
        data: { code: 'LEDGER_STOPPED' },
      },
    });
    for (const method of ['break', 'crash']) {
      assert.deepEqual(await answer(call(1, method)), failed(1, -32603, 'internal error'));
    }
  });
});
