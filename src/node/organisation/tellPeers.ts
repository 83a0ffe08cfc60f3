import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { ContributorPort } from '../../services/ports.ts';
import { shareNext } from '../../services/shareNext.ts';

/** Tells the other organisations of checkpoints. */
export interface PeerTeller {
  /** Tells them of a checkpoint. A slow one gets the newest once it has got the one before. */
  tell(placed: PlacedCheckpoint): void;
  /** Resolves once each has answered what it was told. */
  ended(): Promise<void>;
}

/**
 * Makes what tells other organisations of an organisation's checkpoints.
 *
 * @param contributors - The others' contributors.
 * @param onFailure - Called if one could not be told.
 */
export function tellPeers(
  contributors: readonly Pick<ContributorPort, 'notice'>[],
  onFailure: (error: unknown) => void,
): PeerTeller {
  const noticing = new Set<Promise<unknown>>();
  let newest: PlacedCheckpoint | undefined;
  const tellers = contributors.map((peer) =>
    shareNext(async () => {
      if (newest !== undefined) await peer.notice(newest);
    }),
  );
  return {
    tell(placed) {
      newest = placed;
      for (const tell of tellers) {
        const notice = tell().catch((error: unknown) => {
          // An organisation that closes catches up when it is opened again.
          if (!isMedsealError(error, 'CLOSED')) onFailure(error);
        });
        noticing.add(notice);
        void notice.finally(() => noticing.delete(notice));
      }
    },
    ended: async () => void (await Promise.all(noticing)),
  };
}
