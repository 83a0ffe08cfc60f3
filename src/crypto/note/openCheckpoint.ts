import type { Primitives } from '../Primitives.ts';
import { parseCheckpoint, type CheckpointText } from './checkpoint.ts';
import { openNote } from './openNote.ts';

/**
 * Opens what a log signed that it is.
 *
 * @param primitives - Ed25519.
 * @param log - Its origin, and what verifies its notes.
 * @param note - A signed note, not trusted.
 * @returns Undefined if the log's key signed it of another origin.
 * @throws MedsealError `EVIDENCE_INVALID` if the key did not sign it, or it is not a checkpoint.
 */
export function openCheckpoint(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  log: { readonly origin: string; readonly key: string },
  note: string,
): CheckpointText | undefined {
  const said = parseCheckpoint(openNote(primitives, note, [log.key]));
  return said.origin === log.origin ? said : undefined;
}
