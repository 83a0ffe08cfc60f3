import { promisesOf } from '../../protocol/evidence/promisesOf.ts';
import type { Thresholds } from '../../protocol/network/NetworkFile.ts';

/** Sizes of a channel, and the organisation that runs its ledger if one does. */
export interface Promised {
  /** Number of organisations. */
  readonly organisations: number;
  /** Number of them that may be faulty, as the network file says. */
  readonly faulty: number;
  readonly thresholds: Thresholds;
  /** True if it has a release key, or gets one before it runs. */
  readonly isGuarded: boolean;
  /** Organisation whose node is the ledger; absent if validators hold it. */
  readonly keeper?: string | undefined;
}

/**
 * Describes what a network promises against organisations that lie, in plain words.
 *
 * @param promised - Its sizes.
 * @returns Sentences, the general one last.
 */
export function describePromises({
  organisations,
  faulty,
  thresholds: { writes: checkpoints, views: releases },
  isGuarded,
  keeper,
}: Promised): readonly string[] {
  const liars = Math.max(1, faulty);
  const { forks, heard } = promisesOf({ organisations, releases, checkpoints, liars });
  return [
    ...(keeper === undefined
      ? []
      : [`its ledger is a single node: nothing protects it against ${keeper}, which runs it`]),
    `${isGuarded ? '' : 'once it has a release key, '}${
      forks
        ? 'each reading waits until the ledger holds a checkpoint over it'
        : 'no reading waits for the ledger'
    }`,
    `an audit is then complete if ${heard} of ${organisations} tell what they released`,
    faulty === 0
      ? 'it promises nothing if one of them lies: a faulty organisation is found out, but not outvoted'
      : `it is safe even if ${faulty} of them ${faulty === 1 ? 'lies' : 'lie'}`,
  ];
}
