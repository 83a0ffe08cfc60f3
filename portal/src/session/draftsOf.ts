import type { Party } from '../../../src/client/index.ts';
import { keptKeys } from '../vault/keptKeys.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import { Drafts } from './Drafts.ts';
import type { Session } from './Session.ts';

const all = new WeakMap<Party, Drafts>();

/**
 * Returns the drafts of a session. They are written when the page is hidden, left or locked, and follow what other tabs
 * write; other tabs are told that something changed, and nothing more.
 *
 * @param session - The person.
 */
export function draftsOf({ party, place }: Pick<Session, 'party' | 'place'>): Drafts {
  const known = all.get(party);
  if (known !== undefined) return known;
  const channel = `medseal drafts ${party.address}`;
  const drafts = new Drafts({
    device: party.device,
    clock: party.clock,
    isKept: async () =>
      place.shelf.lasting &&
      (await keptKeys(place.shelf)).some(({ address }) => address === party.address),
    tell: () => {
      const tabs = new BroadcastChannel(channel);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
      tabs.postMessage('changed');
      tabs.close();
    },
  });
  all.set(party, drafts);
  const tabs = new BroadcastChannel(channel);
  const gone = new AbortController();
  const options = { signal: gone.signal };
  const flush = (): void => void drafts.flush();
  const renew = (): void => void drafts.renew();
  tabs.addEventListener('message', renew, options);
  // A page that is about to be left has more time for it than one that is left.
  addEventListener('beforeunload', flush, options);
  addEventListener('pagehide', flush, options);
  document.addEventListener(
    'visibilitychange',
    () => (document.visibilityState === 'hidden' ? flush() : renew()),
    options,
  );
  atSessionEnd(party, () => {
    gone.abort();
    tabs.close();
    void drafts.end();
  });
  renew();
  return drafts;
}
