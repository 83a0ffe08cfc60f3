import { isMedsealError } from '../../errors/isMedsealError.ts';

/**
 * Returns undefined in the place of a log's newest checkpoint, if the log has none yet.
 *
 * @param error - The failure of the question for it.
 * @throws The failure, if it is another one.
 */
export function unlessNone(error: unknown): undefined {
  if (!isMedsealError(error, 'NOT_YET')) throw error;
}
