import { readLife, type Party } from '../../../../src/client/index.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import type { LifeFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';

/** Lives that are asked for at once. */
const LANES = 8;

/**
 * Reads births and deaths of several patients. A handle that nobody controls is left out.
 *
 * @param party - A doctor or a registrar.
 * @param handles - The patients.
 * @throws MedsealError what `readLife` throws.
 */
export async function livesOf(
  party: Party,
  handles: readonly Handle[],
): Promise<ReadonlyMap<Handle, LifeFacts>> {
  const lives = new Map<Handle, LifeFacts>();
  const left = [...new Set(handles)];
  const lane = async (): Promise<void> => {
    for (let handle = left.shift(); handle !== undefined; handle = left.shift()) {
      try {
        lives.set(handle, await readLife(party, handle));
      } catch (error) {
        if (!isMedsealError(error, 'NOT_FOUND')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return lives;
}
