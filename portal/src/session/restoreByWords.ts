import { findParty, phraseToSeed, webPorts } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { copyDevice } from '../vault/copyDevice.ts';
import { deleteShelf } from '../vault/deleteShelf.ts';
import { keepKey } from '../vault/keepKey.ts';
import { KeyChest } from '../vault/KeyChest.ts';
import { openKept, type OpenedKey } from '../vault/openKept.ts';
import { openKeyDevice } from '../vault/openKeyDevice.ts';
import { draftsOf } from './draftsOf.ts';
import { finishChange } from './finishChange.ts';
import { openSession } from './openSession.ts';
import type { Place } from './Place.ts';
import type { Session } from './Session.ts';

/** The steps of restoring, in their order. */
export const RESTORE_STEPS = ['finding', 'chart', 'sealing', 'finishing'] as const;

/** A key that this browser had, which was changed elsewhere. */
export interface OutdatedKey extends OpenedKey {
  readonly address: Address;
}

/** Words, and what the person chose for this browser. */
export interface WordsGiven {
  readonly words: string;
  readonly called: string;
  readonly passphrase: string;
  /** The former key, if this browser opened it: what is kept for it is kept for the new one, too. */
  readonly outdated?: OutdatedKey | undefined;
}

/**
 * Brings a key to this browser by its 24 words, and keeps it under a passphrase in place of an older key of the party.
 *
 * @param place - The organisation's agent.
 * @param given - Words, name and passphrase.
 * @param onStep - Hears which step begins.
 * @throws MedsealError `PHRASE_INVALID`, `PASSPHRASE_WEAK`; `KEY_CHANGED` if the party has taken another key since;
 * `DEVICE_FULL`; what `findParty` and `restorePatient` throw.
 */
export async function restoreByWords(
  place: Place,
  { words, called, passphrase, outdated }: WordsGiven,
  onStep: (step: (typeof RESTORE_STEPS)[number]) => void,
): Promise<Session> {
  const seed = phraseToSeed(words.trim().replaceAll(/\s+/g, ' ').toLowerCase());
  const signer = addressOfSeed(webPorts.primitives, seed);
  onStep('finding');
  const address = await findParty({ ...webPorts, ...place }, seed);
  const chest = new KeyChest(place.shelf);
  const before = (await chest.list()).find((each) => each.address === address);
  const known = before && (before.signer ?? address);
  const formerSeeds: Uint8Array[] = [];
  if (outdated?.address === address) {
    formerSeeds.push(outdated.seed, ...outdated.formerSeeds);
    await copyDevice(await openKeyDevice(outdated.seed), await openKeyDevice(seed));
  } else if (before !== undefined && known === signer) {
    // Words that are typed again bring the key back, also if the rest was altered.
    const opened = await openKept(before, seed).catch(() => undefined);
    formerSeeds.push(...(opened?.formerSeeds ?? []));
  }
  onStep('chart');
  const session = await openSession(place, { seed, address, formerSeeds, called });
  onStep('sealing');
  const isLater = signer !== address;
  const key = { address, called, seed, formerSeeds, ...(isLater && { signer }) };
  await keepKey(place.shelf, { ...key, ...(isLater && { unfinished: true }) }, passphrase);
  // Only now the device keeps drafts.
  await draftsOf(session).renew();
  if (!isLater) return session;
  onStep('finishing');
  if (known !== undefined && known !== signer) await deleteShelf(known);
  // The key is back; what could not be done now is due at the next unlocking.
  await finishChange(chest, session).catch(() => undefined);
  return session;
}
