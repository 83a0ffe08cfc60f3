import { coordinatorAt } from '../coordinatorAt.ts';
import type { LogName, Organisation } from '../ids.ts';
import { listRoot } from '../listRoot.ts';
import type { NetworkFile } from '../NetworkFile.ts';
import { logOf } from '../networkLookups.ts';
import { recipientHash } from '../recipientHash.ts';
import { signerOf, type SigningContext } from '../signing.ts';
import { succeeds } from '../succeeds.ts';
import { shareKeyId } from './releasedShare.ts';
import type { ReleasedShares } from './ReleasedShares.ts';
import { releaseKeyOf, type ChannelKey } from './releaseKeyOf.ts';

/**
 * Verifies that a coordinator of a log's channel released shares for these entries to this recipient, made with the share of the
 * release key that the network file names. Only their reader can tell if the shares are true.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param log - The log that has the views.
 * @param recipient - The reader's recipient.
 * @param released - Not trusted.
 * @param key - The release key of which shares were asked for; the present one if absent.
 * @returns The coordinator's organisation; undefined if its statement does not hold.
 */
export function verifyRelease(
  context: SigningContext,
  network: NetworkFile,
  log: LogName,
  recipient: string,
  { release, entries, coordinator, signature }: ReleasedShares,
  key: ChannelKey | undefined = releaseKeyOf(network, log),
): Organisation | undefined {
  const { channel, log: identity } = logOf(network, log);
  const { primitives } = context;
  const holds = succeeds(
    () =>
      release.log === identity.id &&
      release.entries === listRoot(primitives, entries) &&
      release.recipient === recipientHash(primitives, recipient) &&
      signerOf(context, 'ShareRelease', release, signature) === coordinator,
  );
  if (!holds) return undefined;
  const by = channel.coordinators.find(({ address }) => address === coordinator)?.organisation;
  // A statement of a time at which it was not in office would prove nothing, and spoil the proof of the others'.
  if (coordinatorAt(network, log, coordinator, release.at) === undefined) return undefined;
  if (by === undefined || key === undefined) return undefined;
  return release.key === shareKeyId(primitives, key, by) ? by : undefined;
}
