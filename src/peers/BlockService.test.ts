import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import type { PeerPorts } from '../services/peers/peerCalls.ts';
import { askBlocks } from './askBlocks.ts';
import { BLOCKS_PATH, readable } from './BlockService.ts';
import { HeardAhead } from './HeardAhead.ts';
import { LEDGER_PATH, peerApp } from './peerApp.ts';
import { PeerGate } from './PeerGate.ts';

const clock = new TestClock(1_800_000_000_000);
const asked: string[] = [];
/** Plays a validator that removed the blocks before the 40th. */
const ledger: LedgerProvider = {
  request: async ({ method, params = [] }) => {
    await Promise.resolve();
    asked.push(method);
    const { height } = (params[1] ?? {}) as { height?: string };
    if (Number(height) < 40) throw new MedsealError('LEDGER_PRUNED', { lowest: 40 });
    return { method, params };
  },
};

function served(blocks?: Parameters<typeof peerApp>[0]['blocks']): ReturnType<typeof peerApp> {
  const own = { network, organisation: 'laboratory', primitives, clock };
  const gate = new PeerGate({ ...own, heard: new HeardAhead(), isSuspended: () => false });
  const ports = { coordinator: {}, contributor: {}, authority: {} } as unknown as PeerPorts;
  return peerApp({ ...own, gate, ports, blocks });
}

const kept = { all: true, snapshots: false };
const app = served({ kept: async () => await Promise.resolve(kept), ledger });

async function post(path: string, method: string, ...params: unknown[]): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return await app.request(path, { method: 'POST', body });
}

const atApp: typeof globalThis.fetch = async (url) =>
  await app.request(new URL(url instanceof Request ? url.url : url).pathname);

async function asking(answer: () => Response | Promise<Response>): Promise<unknown> {
  return await askBlocks({
    organisation: 'laboratory',
    url: 'http://laboratory.example',
    clock,
    fetch: async () => await answer(),
  });
}

describe('blocks of a validator for other organisations', () => {
  it('are told of, and what proves them is given, to anybody', async () => {
    const node = {
      organisation: 'laboratory',
      url: 'http://laboratory.example/',
      clock,
      fetch: atApp,
    };
    assert.deepEqual(await askBlocks(node), kept);
    for (const what of ['commit', 'validators', 'consensus_params']) {
      const params = [what, { height: '50' }];
      const answer = await post(BLOCKS_PATH, 'medseal_consensus', ...params);
      const { result } = (await answer.json()) as { result: unknown };
      assert.deepEqual(result, { method: 'medseal_consensus', params });
    }
  });

  it('say which is the lowest if they were removed', async () => {
    const answer = await post(BLOCKS_PATH, 'medseal_consensus', 'commit', { height: '7' });
    const { error } = (await answer.json()) as { error: { data: unknown } };
    assert.deepEqual(error.data, { code: 'LEDGER_PRUNED', lowest: 40 });
  });

  it('are not shown to anybody with their transactions or state', async () => {
    asked.length = 0;
    for (const [method, what] of [
      ['medseal_consensus', 'block'],
      ['medseal_consensus', 'block_results'],
      ['medseal_consensus', 'abci_query'],
      ['medseal_consensus', ['commit']],
      ['eth_getLogs', {}],
      ['eth_sendRawTransaction', '0x'],
    ] as const) {
      const answer = await post(BLOCKS_PATH, method, what, { height: '50' });
      const { error } = (await answer.json()) as { error: { code: number } };
      assert.equal(error.code, -32601, method);
    }
    assert.equal((await app.request(BLOCKS_PATH, { method: 'POST', body: 'x' })).status, 200);
    assert.equal((await post(LEDGER_PATH, 'medseal_consensus', 'block')).status, 401);
    assert.deepEqual(asked, []);
  });

  it('are read by organisations, which run nothing there', async () => {
    const read = readable(ledger);
    await read.request({ method: 'medseal_consensus', params: ['block', { height: '50' }] });
    for (const method of ['eth_call', 'eth_getLogs', 'eth_sendRawTransaction', 'eth_estimateGas']) {
      await assert.rejects(read.request({ method }), { code: 'LEDGER_REJECTED' });
    }
  });

  it('are asked for in a few bytes: what nobody signed takes no memory', async () => {
    asked.length = 0;
    const body = `[${'{"jsonrpc":"2.0","id":1,"method":"medseal_consensus","params":["commit"]},'.repeat(500)}0]`;
    assert.equal((await app.request(BLOCKS_PATH, { method: 'POST', body })).status, 413);
    assert.deepEqual(asked, []);
  });

  it('leave room for organisations, however many ask who signed nothing', async () => {
    const { promise: answered, resolve } = Promise.withResolvers<typeof kept>();
    const slow = served({ kept: async () => await answered, ledger });
    const waiting = Array.from({ length: 200 }, async () => await slow.request(BLOCKS_PATH));
    await immediate();
    assert.equal((await slow.request(LEDGER_PATH, { method: 'POST' })).status, 401);
    resolve(kept);
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    assert.ok(statuses.includes(200) && statuses.includes(503), statuses.join());
  });

  it('are not there without a validator', async () => {
    assert.equal((await served().request(BLOCKS_PATH)).status, 404);
  });
});

describe('the question which blocks are kept', () => {
  for (const [what, answer, code] of [
    ['another shape', () => Response.json({ all: 'yes', snapshots: true }), 'PEER_MALFORMED'],
    ['more fields', () => Response.json({ ...kept, more: 1 }), 'PEER_MALFORMED'],
    ['no JSON', () => new Response('{'), 'PEER_MALFORMED'],
    ['too much', () => new Response(' '.repeat(5000)), 'PEER_UNREACHABLE'],
    ['a problem', () => new Response('', { status: 404 }), 'PEER_UNREACHABLE'],
    ['nothing', async () => await Promise.reject(new Error('away')), 'PEER_UNREACHABLE'],
  ] as const) {
    it(`fails if the answer is ${what}`, async () => {
      await assert.rejects(asking(answer), { code });
    });
  }
});
