import { httpAgent } from '../../../src/client/agent/httpAgent.ts';
import type { DeviceStore } from '../../../src/client/party/DeviceStore.ts';
import { followNetwork } from '../../../src/client/party/followNetwork.ts';
import { memoryDevice } from '../../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../../src/client/party/Party.ts';
import { machinePorts } from '../../../src/folder/NodePorts.ts';
import { followSuccessors } from '../../../src/protocol/network/followSuccessors.ts';
import { isSameNetworkFile } from '../../../src/protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import type { OrganisationReady } from '../startOrganisation.ts';

const ports = await machinePorts();

/** An organisation that parties go to. */
export type Agent = Pick<OrganisationReady, 'organisation'> & {
  readonly urls: Pick<OrganisationReady['urls'], 'agents'>;
};

/** A party that goes on under the successors of the network file that it pinned. */
export interface Visitor {
  /** The party under the network file that its node ran by when it was followed. */
  readonly party: Party;
  /** Goes on at an organisation, under the network file that its node runs by. */
  follow(at?: Agent): Promise<void>;
}

/**
 * Opens a party with a new key that asks an organisation's node.
 *
 * @param network - The network file that it pinned.
 * @param at - The organisation.
 */
export async function openVisitor(network: NetworkFile, at: Agent): Promise<Party> {
  return (await openFollower(network, at)).party;
}

/**
 * Opens a party with a new key that asks an organisation's node, and can follow the network as it changes.
 *
 * @param pinned - The network file that it pinned.
 * @param first - The organisation.
 */
export async function openFollower(pinned: NetworkFile, first: Agent): Promise<Visitor> {
  const own = { seed: ports.random(32), device: memoryDevice() };
  let known: readonly NetworkFile[] = [pinned];
  let present = first;
  let party = await openAt(await networkOf(first), first, own);
  return {
    get party() {
      return party;
    },
    async follow(at = present) {
      const network = await networkOf(at);
      if (at === present && isSameNetworkFile(network, party.network)) return;
      party = await openAt(network, at, own);
      present = at;
    },
  };

  async function networkOf(at: Agent): Promise<NetworkFile> {
    const { network, successors } = await followNetwork(ports, known, agentOf(at));
    if (successors) known = followSuccessors(ports, pinned, successors);
    return network;
  }
}

async function openAt(
  network: NetworkFile,
  at: Agent,
  own: { readonly seed: Uint8Array; readonly device: DeviceStore },
): Promise<Party> {
  const log = `care/${at.organisation}`;
  return await openParty({ ...ports, ...own, network, agent: agentOf(at), log });
}

function agentOf({ organisation, urls }: Agent): ReturnType<typeof httpAgent> {
  return httpAgent(`${urls.agents}/${organisation}`);
}
