import { coordinatorAt } from '../network/coordinatorAt.ts';
import { ZERO32, type Bytes32, type LogName, type Organisation } from '../ids.ts';
import { listRoot } from '../wire/listRoot.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { logOf } from '../network/networkLookups.ts';
import { recipientHash } from '../rights/recipientHash.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { succeeds } from '../wire/succeeds.ts';
import { shareKeyId } from './releasedShare.ts';
import type { ReleasedShares } from './ReleasedShares.ts';
import { releaseKeyOf, type ChannelKey } from './releaseKeyOf.ts';

/** A question for shares. */
export interface SharesWanted {
  /** The reader's recipient. */
  readonly recipient: string;
  /** Hash of the seal that is to be opened (`sealHash`), by the name of its view (`releasedName`), in the order of the question. */
  readonly seals: ReadonlyMap<Bytes32, Bytes32>;
}

/**
 * Verifies that a coordinator of a log's channel released shares for some of these entries, or none, and their seals to this recipient, made with the share of the
 * release key that the network file names. Its entries are in the order of the question, and each is there once: nothing else was asked for. Only their reader can tell if the shares are true.
 *
 * @param context - Domain and primitives.
 * @param network - The network file.
 * @param log - The log that has the views.
 * @param wanted - The question.
 * @param released - Not trusted.
 * @param key - The release key of which shares were asked for; the present one if absent.
 * @returns The coordinator's organisation; undefined if its statement does not hold.
 */
export function verifyRelease(
  context: SigningContext,
  network: NetworkFile,
  log: LogName,
  { recipient, seals }: SharesWanted,
  { release, entries, coordinator, signature }: ReleasedShares,
  key: ChannelKey | undefined = releaseKeyOf(network, log),
): Organisation | undefined {
  const { channel, log: identity } = logOf(network, log);
  const { primitives } = context;
  const holds = succeeds(
    () =>
      release.log === identity.id &&
      isPartOf([...seals.keys()], entries) &&
      release.entries === listRoot(primitives, entries) &&
      release.seals ===
        listRoot(
          primitives,
          entries.map((entry) => seals.get(entry) ?? ZERO32),
        ) &&
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

/** Tells whether entries are some of those that were asked for, each once and in their order; or none, of a coordinator that refuses all. */
function isPartOf(asked: readonly Bytes32[], entries: readonly Bytes32[]): boolean {
  let place = -1;
  const follows = (entry: Bytes32): boolean => {
    place = asked.indexOf(entry, place + 1);
    return place !== -1;
  };
  return entries.every(follows);
}
