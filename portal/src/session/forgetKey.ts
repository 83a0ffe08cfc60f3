import { webPorts } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { deleteShelf } from '../vault/deleteShelf.ts';
import { KeyChest } from '../vault/KeyChest.ts';
import type { KeptKey } from '../vault/keptKeys.ts';
import { endPushHere } from './pushHere.ts';
import type { Session } from './Session.ts';
import { hideCard } from './shownCards.ts';
import { lockTabs } from './useIdleLock.ts';

/**
 * Removes a key from this browser with everything that is kept for it: its values, sealed files that wait for their upload,
 * the emergency card that is shown, and the sealed key itself, which goes last. Its person is told of no more news here.
 *
 * @param session - The person, whose session ends after it.
 * @param kept - The key.
 */
export async function forgetKey(
  session: Session,
  { address, signer = address, next }: KeptKey,
): Promise<void> {
  const { place, party } = session;
  lockTabs('this');
  // An organisation that does not answer keeps nothing here.
  const ended = endPushHere(session).catch(() => undefined);
  const former = (party.formerKeys ?? []).map((each) =>
    addressOfSeed(webPorts.primitives, each.seed()),
  );
  for (const each of [signer, ...former, ...(next ? [next.signer] : [])]) await deleteShelf(each);
  // Files of other keys, too: what was not uploaded is sealed again.
  const files = await navigator.storage?.getDirectory?.().catch(() => undefined);
  await files?.removeEntry('sealed', { recursive: true }).catch(() => undefined);
  await hideCard(address);
  await new KeyChest(place.shelf).forget(address);
  await ended;
}
