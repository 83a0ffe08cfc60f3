import { MedsealError } from '../errors/MedsealError.ts';
import type { ServiceDatabase } from './synced.ts';
import { aroundWrites } from './aroundWrites.ts';

/**
 * Makes a database refuse every write after a failed one, until it is opened again. LevelDB itself goes on: a full disk
 * leaves a torn record in its log, and later writes behind it, synced and acknowledged, are lost when it is opened the
 * next time. A closed database refuses writes with `CLOSED`: the disk did not fail.
 *
 * @param database - It is changed, and given back.
 * @param path - Its path, for messages.
 * @param onHalt - Called once, with the failure.
 * @param toError - Makes the error of a write from its failure; `FOLDER_UNWRITABLE` if absent.
 */
export function haltAfterFailure<Database extends ServiceDatabase>(
  database: Database,
  path: string,
  onHalt: (cause: unknown) => void = () => undefined,
  toError = (cause: unknown): MedsealError =>
    new MedsealError('FOLDER_UNWRITABLE', { path }, { cause }),
): Database {
  let failure: unknown;
  return aroundWrites(database, async (write) => {
    try {
      if (failure !== undefined) throw failure;
      return await write();
    } catch (cause) {
      // Nothing of it reached the disk: it came after the end, as when a node is opened again under another network file.
      if (failure === undefined && isClosed(cause)) {
        throw new MedsealError('CLOSED', { what: 'store' }, { cause });
      }
      if (failure === undefined) onHalt(cause);
      failure ??= cause;
      throw toError(failure);
    }
  });
}

function isClosed(cause: unknown): boolean {
  return (cause as { readonly code?: unknown } | null)?.code === 'LEVEL_DATABASE_NOT_OPEN';
}
