import type { Party } from '../party/Party.ts';
import type { OpenedLetter } from './letters.ts';

/** Name under which a device stores them. */
const NAME = 'held-answers';

/** Returns the answers that a device took from the nodes before it knew the requests. */
export async function readHeldAnswers(party: Party): Promise<readonly OpenedLetter[]> {
  return ((await party.device.read(NAME)) as readonly OpenedLetter[] | undefined) ?? [];
}

/** Stores all such answers, so that nodes may delete their letters. */
export async function writeHeldAnswers(
  party: Party,
  letters: readonly OpenedLetter[],
): Promise<void> {
  await party.device.write(NAME, letters);
}
