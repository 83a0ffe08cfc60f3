import { isMedsealError } from './isMedsealError.ts';
import { MedsealError } from './MedsealError.ts';

/** What systems call a disk, or a person's part of it, that is full. */
const FULL = /^(?:ENOSPC|EDQUOT)$/;
/** How databases say it, which pass on the system's words alone. */
const FULL_TEXT = /no space left on device|disk quota exceeded/i;

/**
 * An error as whoever is outside the machine is told of it: what could not be written, without where.
 *
 * @param error - What happened.
 * @returns `STORAGE_FULL` or `STORAGE_FAILED` for a write that failed; anything else as it is.
 */
export function toPublicError(error: MedsealError): MedsealError {
  if (!isMedsealError(error, 'FOLDER_UNWRITABLE')) return error;
  return storageError(error);
}

/**
 * What a failed write is to those who use the store.
 *
 * @param cause - Why it failed.
 */
export function storageError(cause: unknown): MedsealError {
  return isFull(cause)
    ? new MedsealError('STORAGE_FULL', {}, { cause })
    : new MedsealError('STORAGE_FAILED', {}, { cause });
}

/** Tells whether a disk that is full is behind an error, however deep. */
function isFull(error: unknown): boolean {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 16; depth++) {
    const { code } = each as { readonly code?: unknown };
    if (typeof code === 'string' && FULL.test(code)) return true;
    if (FULL_TEXT.test(each.message)) return true;
    each = each.cause;
  }
  return false;
}
