import type { AuditedLog } from './Audit.ts';

/** Sentence about a log that holds nothing yet. */
export const NO_CHECKPOINT = 'it has no checkpoint yet';

/**
 * Tells whether an audit knows the entries of a log, none among them: of one that it could not read, nothing can be said to be
 * missing.
 *
 * @param log - Findings in the log.
 */
export function isRead({ checkpoint, unchecked }: AuditedLog): boolean {
  return checkpoint !== undefined || unchecked.includes(NO_CHECKPOINT);
}
