import type { ToldBrowsers } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { askNotify } from './askNotify.ts';

/**
 * Has the party's organisation no longer tell a browser of news, whichever device asks for it.
 *
 * @param party - The party.
 * @param endpoint - The browser, as `listTold` or `browserName` names it.
 * @returns Browsers that are still told.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const { browsers } = await listTold(patient);
 * for (const { endpoint } of browsers) await stopTelling(patient, endpoint);
 * ```
 */
export async function stopTelling(party: Party, endpoint: Bytes32): Promise<ToldBrowsers> {
  return await askNotify(party, { endpoint, until: 0 });
}
