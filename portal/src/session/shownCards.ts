import type { Address } from '../../../src/protocol/ids.ts';
import { openShelf } from '../vault/openShelf.ts';
import { isEmergencyCard, type EmergencyCard } from './EmergencyCard.ts';

/** Name of the cards that this browser shows to whoever holds the device: they are not sealed. */
const NAME = 'cards';
/** Most cards of one device. */
const MOST = 8;

const shelf = async (): ReturnType<typeof openShelf> => await openShelf('emergency');

/** Returns the cards that this browser shows without a key. */
export async function shownCards(): Promise<readonly EmergencyCard[]> {
  const kept: unknown = await (await shelf()).read(NAME);
  return Array.isArray(kept) ? kept.filter(isEmergencyCard) : [];
}

/**
 * Keeps a card where anybody who holds the device can read it, in place of the former one of that person.
 *
 * @param card - The card.
 * @returns False if this browser keeps nothing.
 * @throws MedsealError `DEVICE_FULL`.
 */
export async function showCard(card: EmergencyCard): Promise<boolean> {
  const others = (await shownCards()).filter(({ owner }) => owner !== card.owner);
  const kept = await shelf();
  if (kept.lasting) await kept.write(NAME, [...others.slice(1 - MOST), card]);
  return kept.lasting;
}

/** Takes a person's card away from whoever holds the device. */
export async function hideCard(owner: Address): Promise<void> {
  const others = (await shownCards()).filter((each) => each.owner !== owner);
  await (await shelf()).write(NAME, others);
}
