import type { Party } from '../../../src/client/index.ts';
import { keptKeys } from '../vault/keptKeys.ts';
import { atSessionEnd } from './atSessionEnd.ts';
import { Drafts } from './Drafts.ts';
import type { Session } from './Session.ts';
import { TabChannel } from './TabChannel.ts';

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
  const renew = (): void => void drafts.renew();
  // Whoever acts for a patient has drafts of that chart beside their own, sealed with their own key.
  const { acting } = party;
  const owner = acting?.by.address ?? party.address;
  const tabs = new TabChannel(`medseal drafts ${owner} ${acting?.mandate.handle ?? ''}`, renew);
  const drafts = new Drafts({
    device: party.device,
    clock: party.clock,
    isKept: async () =>
      place.shelf.lasting && (await keptKeys(place.shelf)).some(({ address }) => address === owner),
    tell: () => tabs.tell(),
  });
  all.set(party, drafts);
  const gone = new AbortController();
  const options = { signal: gone.signal };
  const flush = (): void => void drafts.flush();
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
    void drafts.end().finally(() => tabs.close());
  });
  renew();
  return drafts;
}
