import type { Channel } from '../network/NetworkFile.ts';

/** Sizes of a channel on which its promises against organisations that lie depend. */
export interface ChannelSizes {
  /** Number of organisations that coordinate: n. */
  readonly organisations: number;
  /** Number of them that release together. */
  readonly releases: number;
  /** Number of them that sign a checkpoint: k. */
  readonly checkpoints: number;
  /** Number of them that may lie, the organisation of the log among them: f. */
  readonly liars: number;
}

/** Promises of a channel with a release key. */
export interface ChannelPromises {
  /**
   * True if a release and a checkpoint need not share an organisation that does not lie: then a log can show one history to
   * those who release, and have another one checkpointed. Releases wait for a checkpoint on the ledger.
   */
  readonly forks: boolean;
  /** Number of organisations that an audit must hear, so that none of the releases is kept from it by liars. */
  readonly heard: number;
}

/**
 * Returns the sizes of a channel. The organisation of a log counts among those that may lie, so they are one at least.
 *
 * @param channel - Coordinators, thresholds and the number of organisations that may be faulty.
 * @param releases - Number of organisations that release together, by the release key.
 */
export function sizesOf(
  { coordinators, thresholds, faulty }: Pick<Channel, 'coordinators' | 'thresholds' | 'faulty'>,
  releases: number,
): ChannelSizes {
  return {
    organisations: new Set(coordinators.map(({ organisation }) => organisation)).size,
    releases,
    checkpoints: thresholds.writes,
    liars: Math.max(1, faulty),
  };
}

/**
 * Returns the promises of a channel with a release key, as functions of its sizes.
 *
 * @param sizes - Organisations, releases, checkpoints, liars.
 */
export function promisesOf({
  organisations,
  releases,
  checkpoints,
  liars,
}: ChannelSizes): ChannelPromises {
  return {
    forks: releases + checkpoints <= organisations + liars,
    heard: Math.min(organisations, organisations - releases + liars + 1),
  };
}
