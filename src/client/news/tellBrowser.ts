import type { ToldBrowsers } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Party } from '../party/Party.ts';
import { askNotify } from './askNotify.ts';
import { browserName } from './browserName.ts';

/** Seconds for which a browser is told of news, unless it asks again. */
const LASTS = 90 * 24 * 3600;

/**
 * Has the party's organisation tell a browser that there is news, for 90 days: by a push without content, at most once in ten minutes,
 * if a letter waits. The push service learns that this browser has news, when, and from which organisation.
 *
 * @param party - The party.
 * @param endpoint - The browser's address at its push service, as `PushSubscription` has it.
 * @returns Browsers that are told.
 * @throws MedsealError `NOT_FOUND` if the organisation does not call this push service; `QUOTA_SPENT` if five others are told.
 * @example
 * ```ts
 * const { browsers } = await tellBrowser(patient, 'https://updates.push.services.mozilla.com/wpush/v2/gAAA');
 * console.log(`${browsers.length} browsers are told`);
 * ```
 */
export async function tellBrowser(party: Party, endpoint: string): Promise<ToldBrowsers> {
  const what = { endpoint: browserName(party, endpoint), until: seconds(party.clock) + LASTS };
  return await askNotify(party, what, endpoint);
}
