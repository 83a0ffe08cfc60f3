import type { Primitives } from '../Primitives.ts';
import { parseCheckpoint, type CheckpointText } from './checkpoint.ts';
import { openNote } from './openNote.ts';

/**
 * Opens what a log signed that it is.
 *
 * @param primitives - Ed25519.
 * @param log - Its origin, and the keys that verify its notes: one of them must have signed.
 * @param note - A signed note, not trusted.
 * @returns Undefined if a key of the log signed it of another origin.
 * @throws MedsealError `EVIDENCE_INVALID` if no key of it signed it, or it is not a checkpoint.
 */
export function openCheckpoint(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  log: { readonly origin: string; readonly keys: readonly string[] },
  note: string,
): CheckpointText | undefined {
  const said = parseCheckpoint(openNote(primitives, note, log.keys));
  return said.origin === log.origin ? said : undefined;
}
