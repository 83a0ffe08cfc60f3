import { openCheckpoint } from '../crypto/note/openCheckpoint.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import type { ServiceContext } from './ServiceContext.ts';

/**
 * Number of entries that a log itself signed for, with the key that it has now; 0 if it signed no such checkpoint. A former key
 * counts for nothing: its thief could accuse the log, or make it seem rolled back.
 *
 * @param context - The organisation's context.
 * @param log - The log as the network file names it.
 * @param note - A signed note, not trusted; undefined counts as none.
 */
export function signedSize(
  { primitives }: Pick<ServiceContext, 'primitives'>,
  log: LogIdentity,
  note: string | undefined,
): number {
  try {
    return openCheckpoint(primitives, { ...log, keys: [log.key] }, note ?? '')?.size ?? 0;
  } catch {
    return 0;
  }
}
