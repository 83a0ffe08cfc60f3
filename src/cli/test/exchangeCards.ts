import { join } from 'node:path';
import type { Person } from './startPeople.ts';

/**
 * Has two people note each other as a contact, each by the card that the other one wrote.
 *
 * @param folder - The cards are written into it.
 * @param one - The first.
 * @param two - The second.
 */
export async function exchangeCards(folder: string, one: Person, two: Person): Promise<void> {
  for (const [owner, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const card = join(folder, `${other.name}.card.json`);
    await other.ask('party', 'card', '--out', card);
    await owner.ask('contact', 'add', other.name, card);
  }
}
