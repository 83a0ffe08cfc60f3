import type { Party } from '../../../src/client/index.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { isEmergencyCard, type EmergencyCard } from './EmergencyCard.ts';
import { showWithoutKey, shownCards } from './shownCards.ts';

const NAME = 'emergency-card';
/** Categories whose changes make a card old. */
const ON_CARD: ReadonlySet<Category> = new Set(['allergies', 'conditions', 'medications']);

/** Something that was written to a chart. */
interface Written {
  readonly category: Category;
  /** Unix seconds. */
  readonly at: number;
}

/** Returns the person's card as the device keeps it, sealed; undefined if the person made no card. */
export async function keptCard(party: Party): Promise<EmergencyCard | undefined> {
  const kept: unknown = await party.device.read(NAME);
  return isEmergencyCard(kept) ? kept : undefined;
}

/** Keeps a card, and shows the new one if the former was shown without a key. */
export async function keepCard(party: Party, card: EmergencyCard): Promise<void> {
  await party.device.write(NAME, card);
  await showWithoutKey(card, 'if shown');
}

/** Tells whether whoever holds the device can read this person's card. */
export async function isShown({ owner }: Pick<EmergencyCard, 'owner'>): Promise<boolean> {
  return (await shownCards()).some((each) => each.owner === owner);
}

/**
 * Returns when something was last written after a card was made that could belong on it; undefined if nothing was.
 *
 * @param made - Unix seconds.
 * @param written - Everything that is known to be written.
 */
export function changedSince(made: number, written: readonly Written[]): number | undefined {
  const after = written.filter(({ category, at }) => ON_CARD.has(category) && at > made);
  return after.length === 0 ? undefined : Math.max(...after.map(({ at }) => at));
}

/**
 * Notes on the person's card that the chart changed since, so that the locked page says so too.
 *
 * @param party - The person.
 * @param written - Everything that is known to be written.
 * @returns The card, if there is one.
 */
export async function noteCardChange(
  party: Party,
  written: readonly Written[],
): Promise<EmergencyCard | undefined> {
  const card = await keptCard(party);
  const changed = card && changedSince(card.made, written);
  if (card === undefined || changed === undefined || changed <= (card.changed ?? 0)) return card;
  const noted = { ...card, changed };
  await keepCard(party, noted);
  return noted;
}
