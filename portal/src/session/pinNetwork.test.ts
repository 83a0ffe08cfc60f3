import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMedsealError } from '../../../src/client/index.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { network, word } from '../../../src/protocol/test/sampleNetwork.ts';
import type { Shelf } from '../vault/openShelf.ts';
import { pinNetwork } from './pinNetwork.ts';

function shelf(): Shelf {
  const values = new Map<string, unknown>();
  return {
    lasting: true,
    names: async () => await Promise.resolve([...values.keys()]),
    read: async (name) => await Promise.resolve(values.get(name)),
    write: async (name, value) => void (await Promise.resolve(values.set(name, value))),
  };
}

/** An agent that answers this as its network file, and knows no successor. */
function agentOf(answer: unknown): Pick<AgentPort, 'network' | 'successors'> {
  return {
    network: async () => await Promise.resolve(answer as NetworkFile),
    successors: async () =>
      await Promise.resolve({ format: 'medseal-successors/1', successors: [] }),
  };
}

describe('the network file of the first visit', () => {
  it('is pinned: the same is taken later, and another one is refused', async () => {
    const kept = shelf();
    assert.deepEqual(await pinNetwork(kept, agentOf(network)), network);
    assert.deepEqual(await pinNetwork(kept, agentOf(network)), network);
    const other = { ...network, networkId: word('another network') };
    await assert.rejects(pinNetwork(kept, agentOf(other)), (error) =>
      isMedsealError(error, 'NETWORK_FILE_OTHER'),
    );
    assert.deepEqual(await pinNetwork(kept, agentOf(network)), network);
  });

  it('is not pinned if the answer is something else, as of a Wi-Fi that asks for a sign-in', async () => {
    const kept = shelf();
    for (const answer of [{ hello: 1 }, [], 'sign in', null, { ...network, channels: 3 }]) {
      await assert.rejects(pinNetwork(kept, agentOf(answer)), (error) =>
        isMedsealError(error, 'NETWORK_FILE_INVALID'),
      );
      assert.deepEqual(await kept.names(), []);
    }
    assert.deepEqual(await pinNetwork(kept, agentOf(network)), network);
  });
});
