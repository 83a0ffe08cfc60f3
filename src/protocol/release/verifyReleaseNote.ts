import { coordinatorAt } from '../network/coordinatorAt.ts';
import { ZERO32, type LogName, type Organisation } from '../ids.ts';
import { listRoot } from '../wire/listRoot.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { succeeds } from '../wire/succeeds.ts';
import { releasedName } from './releasedView.ts';
import type { ReleaseNote } from './ReleaseNote.ts';

/**
 * Verifies a coordinator's note that it released shares for a view.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param log - The log that has the view.
 * @param note - Not trusted.
 * @returns The coordinator's organisation; undefined if the note does not hold.
 */
export function verifyReleaseNote(
  context: SigningContext,
  network: NetworkFile,
  log: LogName,
  { release, coordinator, signature, ...view }: ReleaseNote,
): Organisation | undefined {
  const { id } = logOf(network, log).log;
  const holds = succeeds(
    () =>
      release.log === id &&
      release.shares === ZERO32 &&
      release.seals === ZERO32 &&
      release.entries === listRoot(context.primitives, [releasedName(context.primitives, view)]) &&
      signerOf(context, 'ShareRelease', release, signature) === coordinator,
  );
  if (!holds) return undefined;
  return coordinatorAt(network, log, coordinator, release.at);
}
