import { openNote } from '../crypto/note/openNote.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { anchorText } from './anchorText.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { Anchor, SignedCheckpoint } from './evidence.ts';
import { logOf } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Checks that a log signed which transaction put a checkpoint on the ledger. That it did, only a ledger can tell.
 *
 * @param network - The pinned network file.
 * @param checkpoint - The checkpoint.
 * @param anchor - Where it is said to stand.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function verifyAnchor(
  network: NetworkFile,
  checkpoint: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
  anchor: Anchor,
): void {
  checkEvidence(() => {
    const { log } = logOf(network, checkpoint.log);
    if (openNote(anchor.note, [log.key]) === anchorText(log.origin, checkpoint, anchor)) return;
    const reason = 'the log signed another place on the ledger';
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  });
}
