import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_BLOCK_BYTES, MOST_RESULT_BYTES } from '../protocol/network/ledgerBounds.ts';
import { connectConsensus, type ConsensusSource } from './connectConsensus.ts';

const clock = { now: () => 0, after: () => () => undefined };
const url = 'http://ledger.test';

/** Answers each question with what it was. */
const echo: typeof globalThis.fetch = async (_url, options) => {
  const { id, method, params } = JSON.parse(options?.body as string) as Record<string, unknown>;
  return await Promise.resolve(Response.json({ jsonrpc: '2.0', id, result: [method, params] }));
};

/** Gives one answer to every question. */
function answering(answer: unknown): ConsensusSource {
  const fetch = async (): Promise<Response> => await Promise.resolve(Response.json(answer));
  return connectConsensus({ url, clock, fetch });
}

/** Answers with as many bytes, of which most are blanks. */
function padded(size: number): ConsensusSource {
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, result: '' }).padEnd(size);
  const fetch = async (): Promise<Response> => await Promise.resolve(new Response(text));
  return connectConsensus({ url, clock, fetch });
}

describe('connectConsensus', () => {
  it('asks by the JSON-RPC of the EVM, or CometBFT itself', async () => {
    const asked = ['commit', { height: '7' }] as const;
    const through = connectConsensus({ url, clock, fetch: echo });
    assert.deepEqual(await through.request(...asked), ['medseal_consensus', asked]);
    const itself = connectConsensus({ url, clock, fetch: echo }, 'cometbft');
    assert.deepEqual(await itself.request(...asked), asked);
  });

  it('asks eight questions at once, and the others once these have ended, however they did', async () => {
    let [running, most, calls] = [0, 0, 0];
    const fetch: typeof globalThis.fetch = async (...call) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      running -= 1;
      calls += 1;
      if (calls % 3 === 0) throw new Error('cut off');
      return await echo(...call);
    };
    const source = connectConsensus({ url, clock, fetch });
    const all = await Promise.allSettled(
      Array.from({ length: 100 }, async () => await source.request('commit', {})),
    );
    assert.deepEqual([most, running, calls], [8, 0, 100]);
    assert.equal(all.filter(({ status }) => status === 'rejected').length, 33);
  });

  // @attack an endpoint fills a reader's memory with answers of 32 MiB to questions of a few bytes, many at once | each method has its own limit, and each list its own
  it('reads no more bytes of an answer than its method can have', async () => {
    for (const [method, most] of [
      ['commit', 2 ** 20],
      ['validators', 2 ** 20],
      ['blockchain', 2 ** 20],
      ['abci_query', 2 ** 20],
      ['block', MOST_BLOCK_BYTES],
      ['block_results', MOST_RESULT_BYTES],
      ['constructor', 2 ** 20],
    ] as const) {
      assert.deepEqual(await padded(most).request(method, {}), '');
      await assert.rejects(
        padded(most + 1).request(method, {}),
        { code: 'PEER_MALFORMED' },
        method,
      );
    }
  });

  it('tells that the endpoint has removed a block', async () => {
    for (const [message, lowest] of [
      ['height 1 is not available, lowest height is 40001', 40_001],
      ["min height 40001 can't be greater than max height 20", 40_001],
    ] as const) {
      const error = { code: -32603, message: 'Internal error', data: message };
      await assert.rejects(answering({ error }).request('commit', { height: '1' }), {
        code: 'LEDGER_PRUNED',
        values: { lowest },
      });
    }
  });

  it('tells an error in words that a terminal does not obey, and refuses every other form', async () => {
    const error = { code: -32005, message: 'too\u001b[2J much', data: 'wait' };
    await assert.rejects(answering({ error }).request('commit', {}), {
      code: 'LEDGER_REJECTED',
      values: { code: -32005, reason: 'too\\u{1b}[2J much: wait' },
    });
    for (const answer of [null, [], {}, 'commit', { error: null }, { error: 'no' }]) {
      await assert.rejects(answering(answer).request('commit', {}), { code: 'PEER_MALFORMED' });
    }
  });
});
