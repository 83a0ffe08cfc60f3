import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { httpAgent } from '../../../src/client/index.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { network } from '../../../src/protocol/test/sampleNetwork.ts';
import { agentsHere } from './agentsHere.ts';
import type { Place } from './Place.ts';

const url = 'http://127.0.0.1:8480/hospital';
const agent = httpAgent(url);

function placeIn(file: NetworkFile): Place {
  return { agent, url, organisation: 'hospital', network: file } as unknown as Place;
}

describe('the agents that a page may call', () => {
  it('are those of all organisations, if one address serves them', async (t) => {
    const called: string[] = [];
    t.mock.method(globalThis, 'fetch', async (at: string | URL) => {
      called.push(String(at));
      return await Promise.resolve(Response.json({}));
    });
    const agentOf = agentsHere(placeIn(network));
    assert.equal(agentOf('hospital'), agent);
    await agentOf('laboratory')
      ?.network()
      .catch(() => undefined);
    assert.match(called[0] ?? '', /^http:\/\/127\.0\.0\.1:8480\/laboratory\//);
  });

  it('are its own alone, if nodes have addresses of their own', () => {
    const coordinators = network.channels.flatMap((channel) => channel.coordinators);
    const nodes = coordinators.map(({ organisation }) => {
      return { organisation, url: `https://${organisation}.example` };
    }) as unknown as NetworkFile['nodes'];
    const apart = { ...network, ...(nodes && { nodes }) };
    const agentOf = agentsHere(placeIn(apart));
    assert.deepEqual([agentOf('hospital'), agentOf('laboratory')], [agent, undefined]);
  });
});
