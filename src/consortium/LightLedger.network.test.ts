import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { systemClock } from '../folder/systemClock.ts';
import { connectJsonRpc } from '../ledger/connectJsonRpc.ts';
import { addressOf, SECRETS } from '../ledger/ledger.cases.ts';
import { engineMissing, startEngines } from '../ledger/test/startEngines.ts';
import { connectConsensus } from './connectConsensus.ts';
import { LightLedger } from './LightLedger.ts';

describe('LightLedger', { skip: engineMissing ?? false }, () => {
  it('verifies the blocks and the state of four running validators, and goes on while they do', async () => {
    const network = await startEngines({ validators: 4, senders: SECRETS.map(addressOf) });
    try {
      const [engine] = network.engines;
      assert.ok(engine);
      const source = connectConsensus({ url: engine.blocks, clock: systemClock }, 'cometbft');
      const began = (await source.request('header', { height: '1' })) as {
        readonly header: { readonly time: string };
      };
      const founding = {
        chain: network.chain,
        time: Date.parse(began.header.time) / 1000,
        validators: network.engines.map(({ key }) => ({ key, power: 10 })),
      };
      const ledger = new LightLedger({ primitives, clock: systemClock, source, founding });
      const provider = await connectJsonRpc({
        url: engine.url,
        chainId: 4242,
        clock: systemClock,
      });
      let head = await ledger.verifiedHead();
      while (head.height < 6) head = await ledger.verifiedHead();
      const params = [`0x${head.height.toString(16)}`, false];
      // JSON-RPC shows a block once all of it can be read, a moment after the consensus has it.
      let shown: unknown = null;
      while (shown === null)
        shown = await provider.request({ method: 'eth_getBlockByNumber', params });
      assert.equal((shown as { readonly hash: string }).hash, head.hash);
      // EIP-2935's contract has the hashes of earlier blocks.
      const history = '0x0000f90827f1c53a10cb7a02335b175320002935';
      const slot = `0x${(head.height - 2).toString(16).padStart(64, '0')}` as const;
      const word = await ledger.verifiedStorage(history, slot, head.height - 1);
      const raw = await provider.request({
        method: 'eth_getStorageAt',
        params: [history, slot, `0x${(head.height - 1).toString(16)}`],
      });
      assert.equal(word, raw);
      assert.deepEqual(await ledger.verifiedTransactions(head.height - 1), []);
    } finally {
      await network.close();
    }
  });
});
