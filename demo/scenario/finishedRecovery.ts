import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { finishRecovery, type RecoveryProgress } from '../../src/client/recovery/finishRecovery.ts';
import type { RecoveryFile } from '../../src/client/recovery/recoveryFile.ts';
import { missing } from './chartLetters.ts';

/** Milliseconds between two looks for what nodes do by themselves. */
const PAUSE = 250;

/**
 * Makes a key on an empty device, which nobody enrolled.
 *
 * @param party - A party at the same node.
 */
export async function newKeyOf(party: Party): Promise<Party> {
  const { keys: _, address: __, recipient: ___, keyChanges: ____, ...ports } = party;
  return await openParty({ ...ports, seed: party.random(32), device: memoryDevice() });
}

/**
 * Waits until nodes finished a recovery.
 *
 * @param guest - The new key.
 * @param file - The recovery, which enough members signed.
 * @returns The party with the new key.
 */
export async function finishedRecovery(guest: Party, file: RecoveryFile): Promise<Party> {
  for (;;) {
    const progress: RecoveryProgress = await finishRecovery(guest, file);
    if (progress.state === 'finished') return progress.party;
    if (progress.state !== 'begun') throw missing('recovery');
    await new Promise<void>((resolve) => {
      guest.clock.after(PAUSE, resolve);
    });
  }
}
