import { httpAgent } from '../../../src/client/agent/httpAgent.ts';
import { memoryDevice } from '../../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../../src/client/party/Party.ts';
import { machinePorts } from '../../../src/folder/NodePorts.ts';
import type { NetworkFile } from '../../../src/protocol/NetworkFile.ts';
import type { OrganisationReady } from '../startOrganisation.ts';

const ports = await machinePorts();

/**
 * Opens a party with a new key that asks an organisation's node.
 *
 * @param network - The network file that it pinned.
 * @param ready - The organisation.
 */
export async function openVisitor(
  network: NetworkFile,
  { organisation, urls }: Pick<OrganisationReady, 'organisation' | 'urls'>,
): Promise<Party> {
  return await openParty({
    ...ports,
    seed: ports.random(32),
    network,
    agent: httpAgent(`${urls.agents}/${organisation}`),
    log: `care/${organisation}`,
    device: memoryDevice(),
  });
}
