import { describe } from 'node:test';
import { network } from '../protocol/test/sampleNetwork.ts';
import { loopbackPeer } from './loopbackPeer.ts';
import { describePeers } from './peers.cases.ts';

describe('organisations of one process', () => {
  describePeers(async (services) => {
    return await Promise.resolve({
      peer(caller, receiver) {
        const ports = services.get(receiver);
        if (ports === undefined) throw new Error(`there is no ${receiver}`);
        return loopbackPeer(ports, { network, caller, receiver });
      },
      close: async () => await Promise.resolve(),
    });
  });
});
