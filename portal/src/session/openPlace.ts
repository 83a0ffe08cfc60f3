import { httpAgent } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { openShelf, type Shelf } from '../vault/openShelf.ts';
import type { Place } from './Place.ts';
import { pinNetwork } from './pinNetwork.ts';

/**
 * Opens the agent that serves this page, and pins its network at the first visit.
 *
 * @param address - Address of the page, such as `http://127.0.0.1:8480/hospital/portal/`.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the agent's network is not the one that this browser pinned;
 * `PEER_UNREACHABLE`; `NOT_FOUND` if the address belongs to no organisation of the network.
 */
export async function openPlace(address: string): Promise<Place> {
  const { url, organisation } = partsOf(address);
  const agent = httpAgent(url);
  // The node answers while the browser opens its database.
  const served = agent.network();
  served.catch(() => undefined);
  const shelf = await shelfOfPlace(address);
  const network = await pinNetwork(shelf, {
    network: async () => await served,
    successors: async () => await agent.successors(),
  });
  const log = network.channels
    .flatMap(({ logs }) => logs)
    .find((each) => each.organisation === organisation)?.name;
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'organisation' });
  return { agent, url, organisation, network, log, shelf };
}

/**
 * Opens what this browser keeps for the organisation that serves this page; nobody is asked.
 *
 * @param address - Address of the page.
 */
export async function shelfOfPlace(address: string): Promise<Shelf> {
  return await openShelf(`portal/${partsOf(address).organisation}`);
}

function partsOf(address: string): { readonly url: string; readonly organisation: string } {
  const url = address.replace(/\/portal\/.*$/s, '');
  return { url, organisation: decodeURIComponent(url.split('/').at(-1) ?? '') };
}
