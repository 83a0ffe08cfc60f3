import { httpAgent } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { openShelf } from '../vault/openShelf.ts';
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
  const url = address.replace(/\/portal\/.*$/s, '');
  const organisation = decodeURIComponent(url.split('/').at(-1) ?? '');
  const agent = httpAgent(url);
  const shelf = await openShelf(`portal/${organisation}`);
  const network = await pinNetwork(shelf, agent);
  const log = network.channels
    .flatMap(({ logs }) => logs)
    .find((each) => each.organisation === organisation)?.name;
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'organisation' });
  return { agent, url, organisation, network, log, shelf };
}
