import type { Address } from '../../../src/protocol/ids.ts';
import { aloneOn } from '../../../src/client/index.ts';
import { openShelf, type Shelf } from '../vault/openShelf.ts';
import { isEmergencyCard, type EmergencyCard } from './EmergencyCard.ts';

/** Name of the cards that this browser shows to whoever holds the device: they are not sealed. */
const NAME = 'cards';
/** Most cards of one device. */
const MOST = 8;

const shelf = async (): ReturnType<typeof openShelf> => await openShelf('emergency');

/** Returns the cards that this browser shows without a key. */
export async function shownCards(): Promise<readonly EmergencyCard[]> {
  return await cardsIn(await shelf());
}

async function cardsIn(shown: Shelf): Promise<readonly EmergencyCard[]> {
  const kept: unknown = await shown.read(NAME);
  return Array.isArray(kept) ? kept.filter(isEmergencyCard) : [];
}

/**
 * Keeps a card where anybody who holds the device can read it, in place of the former one of that person.
 *
 * @param card - The card.
 * @param how - `if shown` replaces the former one alone.
 * @returns False if this browser keeps nothing.
 * @throws MedsealError `DEVICE_FULL`.
 */
export async function showWithoutKey(
  card: EmergencyCard,
  how: 'now' | 'if shown' = 'now',
): Promise<boolean> {
  const kept = await shelf();
  await aloneOn(kept, async () => {
    const cards = await cardsIn(kept);
    // A card that its owner hides at the same moment stays hidden.
    const isWanted = how === 'now' || cards.some(({ owner }) => owner === card.owner);
    const others = cards.filter(({ owner }) => owner !== card.owner);
    if (kept.lasting && isWanted) await kept.write(NAME, [...others.slice(1 - MOST), card]);
  });
  return kept.lasting;
}

/** Takes a person's card away from whoever holds the device. */
export async function hideCard(owner: Address): Promise<void> {
  const kept = await shelf();
  await aloneOn(kept, async () => {
    const others = (await cardsIn(kept)).filter((each) => each.owner !== owner);
    await kept.write(NAME, others);
  });
}
