import type { Primitives } from '../crypto/Primitives.ts';
import { openNote } from '../crypto/note/openNote.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { placeText } from './placeText.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { SignedCheckpoint, SignedPlace } from './evidence.ts';
import { logOf } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Verifies that a log signed the transaction that put a checkpoint on the ledger. Only a ledger can confirm the
 * transaction.
 *
 * @param primitives - The curve.
 * @param network - The pinned network file.
 * @param checkpoint - The checkpoint.
 * @param place - Claimed place.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function verifyPlace(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  network: NetworkFile,
  checkpoint: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
  place: SignedPlace,
): void {
  checkEvidence(() => {
    const { log } = logOf(network, checkpoint.log);
    if (openNote(primitives, place.note, [log.key]) === placeText(log.origin, checkpoint, place))
      return;
    const reason = 'the log signed another place on the ledger';
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  });
}
