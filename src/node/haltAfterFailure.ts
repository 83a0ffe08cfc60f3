import { MedsealError } from '../errors/MedsealError.ts';
import type { ServiceDatabase } from '../services/synced.ts';
import { aroundWrites } from './aroundWrites.ts';

/**
 * Has a database refuse every write after one that failed, until it is opened again. LevelDB itself goes on: where the
 * disk was full it leaves a torn piece in its log, and what it writes behind that, synced and acknowledged, it does not
 * find again when it is opened the next time.
 *
 * @param database - It is changed, and given back.
 * @param path - Where it lies, for messages.
 * @param onHalt - Told why, once.
 */
export function haltAfterFailure(
  database: ServiceDatabase,
  path: string,
  onHalt: (cause: unknown) => void = () => undefined,
): ServiceDatabase {
  let failure: unknown;
  return aroundWrites(database, async (write) => {
    try {
      if (failure !== undefined) throw failure;
      return await write();
    } catch (cause) {
      if (failure === undefined) onHalt(cause);
      failure ??= cause;
      throw new MedsealError('FOLDER_UNWRITABLE', { path }, { cause: failure });
    }
  });
}
