import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  readSeenBlock,
  readSeenTransaction,
} from '../../portal/src/screens/explorer/readLedger.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityOf } from '../bindings/quantityOf.ts';
import { readBlocks } from '../bindings/readBlocks.ts';
import { readBlockHash } from '../bindings/readBlockHash.ts';
import { readBlockTime } from '../bindings/readBlockTime.ts';
import { readHead } from '../bindings/readHead.ts';
import { readLogs } from '../bindings/readLogs.ts';
import { systemClock } from '../folder/systemClock.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { MOST_LOG_BYTES, MOST_RESULT_BYTES } from '../protocol/network/ledgerBounds.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { askLedger } from '../services/agent/askLedger.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import { connectVerifiedLedger } from './proven/connectVerifiedLedger.ts';
import { connect, founders, secretOf, senderAt } from './test/askValidators.ts';
import { shouter } from './test/shouter.ts';
import { engineMissing, startEngines, type Engines } from './test/startEngines.ts';

/** Gas limits of transactions that fill a block of 60 million gas together. */
const GAS = [2 ** 24, 2 ** 24, 2 ** 24, 60_000_000 - 3 * 2 ** 24];

/** Logs that such a block has at least. */
const MANY = 140_000;

describe('a block that is as large as the rules allow', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let plain: LedgerProvider;
  let verified: LedgerProvider;
  let contract: Address;
  let block: number;
  let largest: Bytes32;
  let contracts: NetworkFile['contracts'];
  let heard: { readonly all: Promise<void> };

  before(async () => {
    network = await startEngines({ validators: 1, senders: founders, blockTime: 1000 });
    const [engine] = network.engines;
    assert.ok(engine);
    const creator = await senderAt(engine, secretOf(1));
    contract = (await creator.send({ data: shouter })).contract ?? assert.fail('no contract');
    heard = await hearLogs(engine.url, contract);
    const receipts = await Promise.all(
      GAS.map(async (gas, place) => {
        const sender = await senderAt(engine, secretOf(place + 1));
        return await sender.send({ to: contract, data: '0x', gas });
      }),
    );
    block = receipts[0]?.block ?? 0;
    largest = receipts[0]?.transaction ?? '0x';
    assert.deepEqual(new Set(receipts.map((receipt) => receipt.block)), new Set([block]));
    plain = await connect(engine);
    const ledger = {
      chainId: 4242,
      chain: network.chain,
      timestamp: network.time,
      of: { validators: [{ key: engine.key, stake: 10 }] },
    } as unknown as NetworkFile['ledger'];
    const { url } = engine;
    verified = await connectVerifiedLedger({ url, clock: systemClock, network: { ledger } });
    contracts = { registry: contract } as unknown as NetworkFile['contracts'];
  });
  after(async () => {
    await network.close();
  });

  // @actor an admitted account | fills one block with more events than a reader takes, so that no node goes on or starts again
  it('is read by the index of each organisation, from a validator and with proofs', async () => {
    for (const provider of [plain, verified]) {
      const index = new LedgerIndex({ provider, network: { contracts }, clock: systemClock });
      await index.refresh();
      assert.ok(index.block >= block);
    }
  });

  it('has the same logs wherever they are read, and in every range of blocks', async () => {
    const alone = { addresses: [contract], from: block, to: block };
    const among = { addresses: [contract], from: 1, to: block };
    const shown = await readLogs(plain, alone);
    assert.ok(shown.length >= MANY, String(shown.length));
    assert.equal((await readLogs(plain, among)).length, shown.length);
    assert.equal((await readLogs(verified, alone)).length, shown.length);
    assert.equal((await readLogs(verified, among)).length, shown.length);
  });

  it('takes no more bytes than its bounds, and not much fewer', async () => {
    const [engine] = network.engines;
    const at = quantityOf(block);
    for (const [method, params, most] of [
      ['eth_getLogs', [{ fromBlock: at, toBlock: at }], MOST_LOG_BYTES],
      ['medseal_consensus', ['block_results', { height: String(block) }], MOST_RESULT_BYTES],
    ] as const) {
      const answer = await fetch(engine?.url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      const { length } = await answer.text();
      assert.ok(length < most && length > most / 2, `${method}: ${length} of ${most}`);
    }
  });

  it('is told to those who subscribed', async () => {
    await heard.all;
  });

  it('has a time', async () => {
    for (const provider of [plain, verified]) {
      const head = await readHead(provider);
      assert.ok((head?.number ?? 0) >= block);
      const seconds = await readBlockTime(provider, block);
      assert.ok(seconds >= network.time);
      assert.equal(await readBlockHash(provider, block), await readBlockHash(plain, block));
    }
  });

  it('is on the page of blocks', async () => {
    for (const provider of [plain, verified]) {
      const page = await readBlocks(provider, contracts, { from: block - 1, to: block + 1 });
      assert.equal(page.at(-1)?.transactions.length, GAS.length);
    }
  });

  it('is shown by the explorer, and so is its largest transaction', async () => {
    const ask = askLedger(plain);
    const ledger: LedgerProvider = {
      async request({ method, params = [] }) {
        const answer = await ask({ jsonrpc: '2.0', id: 1, method, params } as never);
        return (answer as { readonly result: unknown }).result;
      },
    };
    const seen = await readSeenBlock(ledger, { contracts }, block);
    assert.equal(seen?.transactions.length, GAS.length);
    const outcome = await readSeenTransaction(ledger, largest);
    assert.equal(outcome?.succeeded, true);
  });

  it('gives receipts for all of its transactions', async () => {
    for (const provider of [plain, verified]) {
      const params = [largest];
      const receipt = await provider.request({ method: 'eth_getTransactionReceipt', params });
      const { logs, blockNumber } = receipt as { logs: readonly unknown[]; blockNumber: string };
      assert.equal(blockNumber, quantityOf(block));
      assert.ok(logs.length > 40_000, String(logs.length));
    }
  });
});

/** Subscribes to a contract's logs; resolves `all` once those of one whole block have come. */
async function hearLogs(url: string, address: Address): Promise<{ readonly all: Promise<void> }> {
  const socket = new WebSocket(url.replace('http:', 'ws:'));
  const subscribed = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  let heard = 0;
  socket.addEventListener('open', () => {
    const params = ['logs', { address }];
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }));
  });
  socket.addEventListener('message', ({ data }) => {
    if (String(data).includes('"id":1')) subscribed.resolve();
    else heard += 1;
    if (heard < MANY) return;
    socket.close();
    all.resolve();
  });
  socket.addEventListener('close', () => all.reject(new Error(`it ended after ${heard} logs`)));
  await subscribed.promise;
  return { all: all.promise };
}
