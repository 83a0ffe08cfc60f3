import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import type { OpenedLetter } from './letters.ts';

/** Name under which a device stores them. */
const NAME = 'held-answers';

/** Returns the answers that a device took from the nodes before it knew the requests. */
export async function readHeldAnswers(party: Party): Promise<readonly OpenedLetter[]> {
  return ((await party.device.read(NAME)) as readonly OpenedLetter[] | undefined) ?? [];
}

/** Stores such answers beside those that are stored, so that nodes may delete their letters. */
export async function holdAnswers(party: Party, letters: readonly OpenedLetter[]): Promise<void> {
  await change(party, (held) => {
    for (const letter of letters) held.set(letter.id, letter);
  });
}

/** Removes such answers once they were taken; what another tab stored meanwhile stays. */
export async function dropHeldAnswers(
  party: Party,
  letters: Iterable<OpenedLetter>,
): Promise<void> {
  await change(party, (held) => {
    for (const { id } of letters) held.delete(id);
  });
}

async function change(
  party: Party,
  alter: (held: Map<OpenedLetter['id'], OpenedLetter>) => void,
): Promise<void> {
  await aloneOn(party.device, async () => {
    const held = new Map((await readHeldAnswers(party)).map((letter) => [letter.id, letter]));
    alter(held);
    await party.device.write(NAME, [...held.values()]);
  });
}
