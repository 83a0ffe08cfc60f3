import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { MemoryLevel } from 'memory-level';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { systemClock } from '../folder/systemClock.ts';
import { connectJsonRpc } from './connectJsonRpc.ts';
import { addressOf, ledgerCases, SECRETS } from './ledger.cases.ts';
import { openEmbeddedLedger } from './openEmbeddedLedger.ts';
import { openSender } from './openSender.ts';
import { get, probe, set, words } from './test/probe.ts';
import { serveJsonRpc } from './test/serveJsonRpc.ts';
import { anvilMissing, startAnvil } from './test/startAnvil.ts';
import { TestClock } from './test/TestClock.ts';

const chainId = 4242;
const clock = systemClock;
const primitives = portablePrimitives;
const unreachable = { code: 'LEDGER_UNREACHABLE' };
const malformed = { code: 'PEER_MALFORMED' };

if (anvilMissing === undefined) {
  ledgerCases('the JSON-RPC engine on anvil', async () => {
    const anvil = await startAnvil(1_700_000_000);
    const provider = await connectJsonRpc({ url: anvil.url, chainId, clock });
    return { provider, chainId, clock, close: async () => await anvil.close() };
  });
} else {
  test('the JSON-RPC engine on anvil', { skip: anvilMissing });
}

type Answer = { result?: unknown };
type Around = (body: { method: string }, answer: () => Promise<Answer>) => Promise<unknown>;

/** Runs with a ledger behind HTTP, and something in between that alters what passes. */
async function withServer(
  around: Around,
  run: (url: string, genesis: `0x${string}`) => Promise<void>,
): Promise<void> {
  const ledger = await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId,
    genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
    clock,
  });
  const server = await serveJsonRpc(
    ledger,
    async (body, answer) =>
      await around(body as { method: string }, async () => (await answer()) as Answer),
  );
  try {
    await run(server.url, ledger.genesisHash);
  } finally {
    await server.close();
    await ledger.close();
  }
}

const honest: Around = async (_, answer) => await answer();

const single: Around = async (body, answer) =>
  Array.isArray(body)
    ? { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no lists' } }
    : await answer();

const dropping: Around = async (_, answer) => {
  const found: unknown = await answer();
  return Array.isArray(found) ? found.slice(1) : found;
};

describe('calls of a ledger that go together', () => {
  const calls = [
    { method: 'eth_chainId' },
    { method: 'eth_getBlockByNumber', params: ['0x0', false] },
    { method: 'eth_blockNumber' },
  ];

  it('take one exchange, and are answered in their order', async () => {
    const asked: unknown[] = [];
    const turned: Around = async (body, answer) => {
      asked.push(body);
      const found: unknown = await answer();
      return Array.isArray(found) ? found.toReversed() : found;
    };
    await withServer(turned, async (url) => {
      const ledger = await connectJsonRpc({ url, chainId, clock });
      asked.length = 0;
      const [id, block, number] = (await ledger.requestAll?.(calls)) ?? [];
      assert.deepEqual(
        [id, (block as { number: string }).number, number],
        ['0x1092', '0x0', '0x0'],
      );
      assert.equal(asked.length, 1);
    });
  });

  it('take an exchange each where the ledger takes no lists', async () => {
    await withServer(single, async (url) => {
      const ledger = await connectJsonRpc({ url, chainId, clock });
      assert.equal((await ledger.requestAll?.(calls))?.at(-1), '0x0');
    });
  });

  it('fail where one of them does, or an answer is not there', async () => {
    await withServer(dropping, async (url) => {
      const ledger = await connectJsonRpc({ url, chainId, clock });
      await assert.rejects(ledger.requestAll?.(calls) ?? Promise.resolve(), malformed);
    });
    await withServer(honest, async (url) => {
      const ledger = await connectJsonRpc({ url, chainId, clock });
      const wrong = ledger.requestAll?.([...calls, { method: 'eth_nothing' }]);
      await assert.rejects(wrong ?? Promise.resolve(), { code: 'LEDGER_REJECTED' });
    });
  });
});

const down = async () => await Promise.resolve(new Response('<html>', { status: 502 }));

const stopped: Around = async ({ method }, answer) =>
  method === 'eth_gasPrice'
    ? {
        jsonrpc: '2.0',
        id: 3,
        error: { code: -32002, message: '', data: { code: 'LEDGER_STOPPED' } },
      }
    : await answer();

async function send(provider: LedgerProvider) {
  const sender = openSender({ provider, chainId, clock, primitives, secret: SECRETS[0] });
  const { contract } = await sender.send({ data: probe.creation });
  assert.ok(contract);
  return { sender, contract };
}

const flip = (receipt: object) => ({ ...receipt, status: '0x0' });

describe('connecting to a ledger over JSON-RPC', () => {
  it('is refused where chain id or genesis are of another network', async () => {
    await withServer(honest, async (url, genesis) => {
      const other = { code: 'LEDGER_OTHER' };
      await assert.rejects(connectJsonRpc({ url, chainId: 1, genesis, clock }), other);
      const foreign = `0x${'11'.repeat(32)}` as const;
      await assert.rejects(connectJsonRpc({ url, chainId, genesis: foreign, clock }), other);
      await connectJsonRpc({ url, chainId, genesis, clock });
    });
  });

  it('is refused if a chain of validators has another name, whatever its block 0', async () => {
    const chain = `medseal-${'5a'.repeat(16)}`;
    const genesis = `0x${'11'.repeat(32)}` as const;
    const named: Around = async (body, answer) => {
      const given = await answer();
      return body.method === 'medseal_chain'
        ? { jsonrpc: '2.0', id: (body as { id?: unknown }).id, result: chain }
        : given;
    };
    await withServer(named, async (url) => {
      await connectJsonRpc({ url, chainId, chain, genesis, clock });
      const foreign = connectJsonRpc({ url, chainId, chain: `${chain}0`, genesis, clock });
      await assert.rejects(foreign, { code: 'LEDGER_OTHER' });
    });
    await withServer(honest, async (url) => {
      await assert.rejects(connectJsonRpc({ url, chainId, chain, genesis, clock }));
    });
  });

  it('takes a validator that has removed its first blocks, and says so if they are asked for', async () => {
    const chain = `medseal-${'5a'.repeat(16)}`;
    const pruned: Around = async (body, answer) => {
      const { id, params } = body as { id?: unknown; params?: readonly unknown[] };
      if (body.method === 'medseal_chain') return { jsonrpc: '2.0', id, result: chain };
      if (params?.[0] !== '0x0') return await answer();
      const message = 'height 1 is not available, lowest height is 40001';
      return { jsonrpc: '2.0', id, error: { code: -32000, message } };
    };
    await withServer(pruned, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, chain, clock });
      const first = provider.request({ method: 'eth_getBlockByNumber', params: ['0x0', false] });
      await assert.rejects(first, { code: 'LEDGER_PRUNED', values: { lowest: 40_001 } });
    });
  });

  it('fails if nothing listens, or what answers is not JSON-RPC', async () => {
    const server = await serveJsonRpc({ request: async () => '0x1' });
    await server.close();
    await assert.rejects(connectJsonRpc({ url: server.url, chainId, clock }), unreachable);
    for (const body of ['<html>', '{}', '[]', 'null', '{"jsonrpc":"2.0","id":99,"result":1}']) {
      const fetch = async () => await Promise.resolve(new Response(body));
      await assert.rejects(connectJsonRpc({ url: server.url, chainId, clock, fetch }), malformed);
    }
    const url = server.url;
    await assert.rejects(connectJsonRpc({ url, chainId, clock, fetch: down }), unreachable);
  });

  it('gives up a call when its time is over', async () => {
    const silence = Promise.withResolvers<never>();
    const patient = new TestClock(0);
    const asked = Promise.withResolvers<void>();
    const around: Around = async ({ method }, answer) => {
      if (method !== 'eth_blockNumber') return await answer();
      asked.resolve();
      return await silence.promise;
    };
    await withServer(around, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, clock: patient, timeout: 5_000 });
      const call = provider.request({ method: 'eth_blockNumber' });
      await asked.promise;
      patient.advance(5_000);
      await assert.rejects(call, unreachable);
    });
  });

  it('tells a ledger that stopped from one that refuses', async () => {
    await withServer(stopped, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, clock });
      await assert.rejects(provider.request({ method: 'eth_gasPrice' }), {
        code: 'LEDGER_STOPPED',
      });
    });
  });
});

describe('a sender over JSON-RPC', () => {
  it('does a transaction once where the connection drops before, or after, the ledger took it', async () => {
    let drops = 0;
    const around: Around = async ({ method }, answer) => {
      if (method !== 'eth_sendRawTransactionSync' || drops >= 2) return await answer();
      drops += 1;
      if (drops === 2) await answer();
      throw new Error('dropped');
    };
    await withServer(around, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, clock });
      const { sender, contract } = await send(provider);
      assert.equal(drops, 2);
      await sender.send({ to: contract, data: set(1n, 5n) });
      const count = { method: 'eth_getTransactionCount', params: [sender.address, 'latest'] };
      assert.equal(await provider.request(count), '0x2');
    });
  });

  it('polls where the ledger has no eth_sendRawTransactionSync', async () => {
    const methods: string[] = [];
    const around: Around = async ({ method }, answer) => {
      methods.push(method);
      if (method !== 'eth_sendRawTransactionSync') return await answer();
      const { id } = (await answer()) as { id: number };
      return { jsonrpc: '2.0', id, error: { code: -32601, message: 'method not found' } };
    };
    await withServer(around, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, clock });
      const { sender, contract } = await send(provider);
      await sender.send({ to: contract, data: set(1n, 5n) });
      const params = [{ to: contract, data: get(1n) }, 'latest'];
      assert.equal(await provider.request({ method: 'eth_call', params }), words(5n));
      assert.equal(methods.filter((method) => method === 'eth_sendRawTransactionSync').length, 1);
    });
  });

  for (const code of ['QUOTA_SPENT', 'OVERLOADED']) {
    it(`hands a transaction over again that the ledger did not take (${code}), until its time is over`, async () => {
      let refusals = 0;
      const around: Around = async (body, answer) => {
        if (body.method !== 'eth_sendRawTransactionSync' || refusals === 0) return await answer();
        refusals -= 1;
        const { id } = body as { id?: unknown };
        return { jsonrpc: '2.0', id, error: { code: -32005, message: 'full', data: { code } } };
      };
      await withServer(around, async (url) => {
        const provider = await connectJsonRpc({ url, chainId, clock });
        const { sender, contract } = await send(provider);
        refusals = 2;
        await sender.send({ to: contract, data: set(1n, 5n) });
        assert.equal(refusals, 0);
        const [secret] = SECRETS;
        const hasty = openSender({ provider, chainId, clock, primitives, secret, patience: 0 });
        refusals = 1;
        await assert.rejects(hasty.send({ to: contract, data: set(1n, 6n) }), { code });
        await sender.send({ to: contract, data: set(1n, 7n) });
        const count = { method: 'eth_getTransactionCount', params: [sender.address, 'latest'] };
        assert.equal(await provider.request(count), '0x3');
      });
    });
  }

  const lies: Record<string, (receipt: Record<string, unknown>) => unknown> = {
    'of another transaction': (receipt) => ({ ...receipt, transactionHash: words(1n) }),
    'with another status': (receipt) => ({ ...receipt, status: '0x0' }),
    'without its logs': (receipt) => ({ ...receipt, logs: [] }),
    'of a block that is not there': (receipt) => ({ ...receipt, blockNumber: '0xff' }),
    'with another block hash': (receipt) => ({ ...receipt, blockHash: words(2n) }),
    'that is not a receipt': () => 'yes',
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`refuses a receipt ${what}`, async () => {
      let lying = false;
      const around: Around = async ({ method }, answer) => {
        const response = await answer();
        const altered = lying && method === 'eth_sendRawTransactionSync';
        if (!altered) return response;
        return { ...response, result: lie(response.result as Record<string, unknown>) };
      };
      await withServer(around, async (url, genesis) => {
        const provider = await connectJsonRpc({ url, chainId, clock, genesis });
        const { sender, contract } = await send(provider);
        lying = true;
        await assert.rejects(sender.send({ to: contract, data: set(1n, 5n) }), malformed);
      });
    });
  }

  it('refuses a receipt that its block does not commit to, though all receipts agree with it', async () => {
    let lying = false;
    const around: Around = async ({ method }, answer) => {
      const response = await answer();
      if (!lying) return response;
      const { result } = response;
      if (method === 'eth_getBlockReceipts')
        return { ...response, result: (result as object[]).map(flip) };
      if (method === 'eth_sendRawTransactionSync')
        return { ...response, result: flip(result as object) };
      return response;
    };
    await withServer(around, async (url) => {
      const provider = await connectJsonRpc({ url, chainId, clock });
      const { sender, contract } = await send(provider);
      lying = true;
      await assert.rejects(sender.send({ to: contract, data: set(1n, 5n) }), malformed);
    });
  });
});
