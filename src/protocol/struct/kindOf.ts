import { isView } from '../evidence/askedView.ts';
import type { EntryBody } from '../evidence/evidence.ts';
import type { EntryKind } from '../network/NetworkFile.ts';

/** Kinds of entries, each with a threshold of its own. */
export const ENTRY_KINDS = ['writes', 'views'] as const satisfies readonly EntryKind[];

/**
 * Tells whether a body is judged as a write or as a view, refused ones as well; a summary is a write.
 *
 * @param body - Of an entry.
 */
export function kindOf(body: EntryBody): EntryKind {
  return 'request' in body && isView(body.request) ? 'views' : 'writes';
}
