import { webPorts, turnFormerKeys } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { deleteShelf } from '../vault/deleteShelf.ts';
import type { KeyChest } from '../vault/KeyChest.ts';
import type { Session } from './Session.ts';

/**
 * Does what follows from a change of key that stands: a patient's keys turn past those of the former seed, and what this
 * browser kept for the former key is deleted. Safe to repeat; until it succeeds, the chest says that it is due.
 *
 * @param chest - The chest that keeps the key.
 * @param session - The person, with the new key.
 * @throws MedsealError what `turnFormerKeys` throws; `DEVICE_FULL`.
 */
export async function finishChange(
  chest: KeyChest,
  { party, handle }: Pick<Session, 'party' | 'handle'>,
): Promise<void> {
  if (handle !== undefined) await turnFormerKeys(party);
  for (const former of party.formerKeys ?? []) {
    await deleteShelf(addressOfSeed(webPorts.primitives, former.seed()));
  }
  await chest.update(party.address, (kept) => {
    const { unfinished: _done, ...rest } = kept;
    return rest;
  });
}
