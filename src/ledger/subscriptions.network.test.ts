import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { WebSocketProvider } from 'ethers';
import { createPublicClient, webSocket, type PublicClient } from 'viem';
import type { Address } from '../protocol/ids.ts';
import type { Sender } from './openSender.ts';
import { founders, secretOf, senderAt } from './test/askValidators.ts';
import { probe, set } from './test/probe.ts';
import { engineMissing, startEngines, type Engines } from './test/startEngines.ts';

describe('subscriptions at a validator', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let sender: Sender;
  let contract: Address;
  let url: string;

  before(async () => {
    network = await startEngines({ validators: 1, senders: founders });
    const [engine] = network.engines;
    assert.ok(engine);
    url = engine.url.replace('http:', 'ws:');
    sender = await senderAt(engine, secretOf(1));
    contract = (await sender.send({ data: probe.creation })).contract ?? assert.fail('no contract');
  });
  after(async () => {
    await network.close();
  });

  async function viemClient(t: TestContext): Promise<PublicClient> {
    const transport = webSocket(url, { reconnect: false });
    const client = createPublicClient({ transport });
    const { value } = transport({});
    assert.ok(value);
    const socket = await value.getRpcClient();
    t.after(() => socket.close());
    return client;
  }

  it('tell viem of each block, and of a contract’s logs', async (t) => {
    const client = await viemClient(t);
    assert.equal(await client.getChainId(), 4242);
    const numbers: bigint[] = [];
    const six = Promise.withResolvers<void>();
    const unwatch = client.watchBlockNumber({
      onBlockNumber(number) {
        numbers.push(number);
        if (numbers.length === 6) six.resolve();
      },
      onError: six.reject,
    });
    const heard = Promise.withResolvers<readonly { readonly data: string }[]>();
    const unwatchLogs = client.watchEvent({
      address: contract,
      onLogs: heard.resolve,
      onError: heard.reject,
    });
    await six.promise;
    await sender.send({ to: contract, data: set(3n, 77n), gas: 100_000 });
    const [log] = await heard.promise;
    assert.equal(BigInt(log?.data ?? 0), 77n);
    const [first = 0n] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_, place) => first + BigInt(place)),
    );
    unwatch();
    unwatchLogs();
  });

  it('tell ethers of blocks and of a contract’s logs', async (t) => {
    const provider = new WebSocketProvider(url);
    t.after(async () => {
      await provider.destroy();
    });
    const block = Promise.withResolvers<number>();
    await provider.on('block', block.resolve);
    const log = Promise.withResolvers<{ readonly data: string }>();
    await provider.on({ address: contract }, log.resolve);
    assert.ok((await block.promise) > 1);
    await sender.send({ to: contract, data: set(4n, 78n), gas: 100_000 });
    assert.equal(BigInt((await log.promise).data), 78n);
    await provider.removeAllListeners();
    // It does not wait for the ends of its subscriptions, which come before this answer.
    await provider.getBlockNumber();
  });
});
