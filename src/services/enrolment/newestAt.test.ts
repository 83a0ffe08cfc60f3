import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmNewest } from '../../client/audit/confirmNewest.ts';
import { ORGANISATIONS, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { newestAt } from './newestAt.ts';

const DAY = 86_400_000;

let network: TestNetwork;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function confirm(): Promise<BlockFacts> {
  const { file, clock, ports } = network;
  const nodes = ORGANISATIONS.map((organisation) => {
    return { organisation, agent: network.agent(organisation) };
  });
  return await confirmNewest({ ...ports, clock, network: file, nodes });
}

async function headHash(): Promise<unknown> {
  const params = ['latest', false];
  const block = await network.ledger.request({ method: 'eth_getBlockByNumber', params });
  return (block as { hash: string }).hash;
}

describe('the newest block of a node’s own ledger', () => {
  it('is what coordinators sign for a device, after 22 days and after a year, and after a node was restarted', async () => {
    await network.party('patient');
    assert.equal((await confirm()).hash, await headHash());
    for (const days of [22, 365]) {
      network.clock.advance(days * DAY);
      // No block was made since: nobody calls the old one new.
      await assert.rejects(confirm(), failsWith('LEDGER_STALE'));
      await network.restart('laboratory');
      await network.party('doctor');
      assert.equal((await confirm()).hash, await headHash());
    }
  });

  it('is not one that is unknown there, or far before it', async () => {
    const blocks = new Map([999, 900, 850, 700].map((height) => [height, height]));
    const index = {
      block: 900,
      blockTime: 90_000,
      blockAt: async (height: number) =>
        await Promise.resolve(
          blocks.has(height)
            ? { height, hash: `0x${'00'.repeat(32)}` as const, time: 90_000 - (900 - height) }
            : undefined,
        ),
    };
    const at = async (height: number): Promise<number | undefined> =>
      (await newestAt({ index: index as never }, height))?.height;
    assert.deepEqual(
      [await at(900), await at(850), await at(700), await at(999), await at(860)],
      [900, 850, undefined, undefined, undefined],
    );
  });
});
