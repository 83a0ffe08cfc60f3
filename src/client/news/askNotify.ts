import { bytesToHex } from '../../crypto/bytes.ts';
import type { ToldBrowsers } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Notify } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';

/**
 * Signs and sends a request about the browsers of a party that are told of news.
 *
 * @param party - The party.
 * @param what - Browser and end.
 * @param endpoint - The browser's address at its push service, if it is to be told.
 */
export async function askNotify(
  party: Party,
  what: Pick<Notify, 'endpoint' | 'until'>,
  endpoint?: string,
): Promise<ToldBrowsers> {
  const request = sign(party, party, 'Notify', {
    ...what,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
  return await party.agent.notify({ request, ...(endpoint !== undefined && { endpoint }) });
}
