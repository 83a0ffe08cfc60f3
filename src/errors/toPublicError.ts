import { isMedsealError } from './isMedsealError.ts';
import { MedsealError } from './MedsealError.ts';

/** System codes for a full disk or a used-up disk quota. */
const FULL = /^(?:ENOSPC|EDQUOT)$/;
/** The same in the messages of databases, which pass on only the system's text. */
const FULL_TEXT = /no space left on device|disk quota exceeded/i;

/**
 * Makes the error to tell outside the machine: a failed write without the path.
 *
 * @param error - Error that was thrown.
 * @returns `STORAGE_FULL` or `STORAGE_FAILED` for a failed write; any other error unchanged.
 */
export function toPublicError(error: MedsealError): MedsealError {
  if (!isMedsealError(error, 'FOLDER_UNWRITABLE')) return error;
  return storageError(error);
}

/**
 * Makes the error of a failed write for the users of a store; one of a lost lease says so already.
 *
 * @param cause - Error that the write failed with.
 */
export function storageError(cause: unknown): MedsealError {
  if (isMedsealError(cause, 'LEASE_LOST')) return cause;
  return isFull(cause)
    ? new MedsealError('STORAGE_FULL', {}, { cause })
    : new MedsealError('STORAGE_FAILED', {}, { cause });
}

/** Tells whether a full disk caused an error, at any depth of causes. */
function isFull(error: unknown): boolean {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 16; depth++) {
    const { code } = each as { readonly code?: unknown };
    if (typeof code === 'string' && FULL.test(code)) return true;
    if (FULL_TEXT.test(each.message)) return true;
    each = each.cause;
  }
  return false;
}
