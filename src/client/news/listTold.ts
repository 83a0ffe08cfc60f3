import type { ToldBrowsers } from '../../protocol/AgentPort.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { askNotify } from './askNotify.ts';

/**
 * Asks the party's organisation which of the party's browsers it tells of news by Web Push, and the public key that a browser needs
 * to be told.
 *
 * @param party - The party.
 * @returns Browsers by the hash of their address, and the key; without a key the organisation tells nobody.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const { key, browsers } = await listTold(patient);
 * if (key === undefined) console.log('The organisation tells nobody.');
 * for (const { service, until } of browsers) console.log(service, new Date(until * 1000));
 * ```
 */
export async function listTold(party: Party): Promise<ToldBrowsers> {
  return await askNotify(party, { endpoint: ZERO32, until: 0 });
}
