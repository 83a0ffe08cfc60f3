import type { Primitives } from '../../crypto/Primitives.ts';
import { openNote } from '../../crypto/note/openNote.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { placeText } from '../wire/placeText.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { SignedCheckpoint, SignedPlace } from './evidence.ts';
import { logOf } from '../network/networkLookups.ts';
import { logKeysOf } from '../network/officesOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';

/**
 * Verifies that a log signed the transaction that put a checkpoint on the ledger. Only a ledger can confirm the
 * transaction.
 *
 * @param primitives - The curve.
 * @param network - The pinned network file.
 * @param checkpoint - The checkpoint.
 * @param place - Claimed place.
 * @param madeAfter - A moment after which it was made, Unix seconds: no key that was replaced before signed it.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function verifyPlace(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  network: NetworkFile,
  checkpoint: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
  place: SignedPlace,
  madeAfter = 0,
): void {
  checkEvidence(() => {
    const { log } = logOf(network, checkpoint.log);
    const keys = logKeysOf(network, checkpoint.log, madeAfter);
    const said = openNote(primitives, place.note, keys);
    if (said === placeText(log.origin, checkpoint, place)) return;
    const reason = 'the log signed another place on the ledger';
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  });
}
