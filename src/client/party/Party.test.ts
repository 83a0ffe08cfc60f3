import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { httpAgent } from '../agent/httpAgent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { memoryDevice } from './memoryDevice.ts';
import { openParty, type Party } from './Party.ts';

/** A party that was given a network file, before a node that says it runs by another. */
async function opened(theirs: unknown): Promise<Party> {
  const agent = { network: async () => await Promise.resolve(theirs as NetworkFile) };
  return await openedAt(agent as unknown as AgentPort);
}

async function openedAt(agent: AgentPort): Promise<Party> {
  return await openParty({
    seed: new Uint8Array(32).fill(7),
    network,
    agent,
    log: 'care/hospital',
    device: memoryDevice(),
    primitives,
    clock: { now: () => 0, after: () => () => undefined },
    random: (length) => new Uint8Array(length),
  });
}

describe('openParty', () => {
  it('opens a party at a node that runs by the pinned network file', async () => {
    assert.match((await opened(structuredClone(network))).address, /^0x[0-9a-f]{40}$/);
  });

  // @attack a node runs by another file of the same network id than the device pinned | the whole file is compared: `NETWORK_FILE_OTHER`
  it('refuses a node that runs by another file, also of the same network id', async () => {
    const { address } = signatory('mallory');
    const [channel] = network.channels;
    const coordinators = channel?.coordinators.map((each, place) =>
      place === 0 ? { ...each, address } : each,
    );
    for (const other of [
      { ...network, networkId: `0x${'66'.repeat(32)}` },
      { ...network, channels: [{ ...channel, coordinators }] },
      { networkId: network.networkId },
      null,
    ]) {
      await assert.rejects(opened(other), failsWith('NETWORK_FILE_OTHER'));
    }
  });

  it('refuses the address of a node, and names that of the agent', async () => {
    const asked: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url);
      if (url.endsWith('/v1/network')) return await Promise.resolve(Response.json(network));
      const { status, ...problem } = new MedsealError('NOT_FOUND', { what: 'path' }).toProblem();
      return Response.json(problem, { status });
    };
    await assert.rejects(openedAt(httpAgent('https://node.example/', fetch)), {
      code: 'ARGUMENT_INVALID',
      message:
        'agent: https://node.example is the address of a node; its agent of this log is at https://node.example/hospital.',
    });
    asked.length = 0;
    await openedAt(httpAgent('https://node.example/hospital', fetch));
    assert.deepEqual(asked, ['https://node.example/hospital/v1/network']);
  });
});
