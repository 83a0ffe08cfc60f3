import { MedsealError } from '../../../src/errors/MedsealError.ts';

/**
 * Returns the typed error for a failure of the browser's storage or of a file that a person chose.
 *
 * @param error - Anything that was thrown.
 * @returns MedsealError `DEVICE_FULL`, `FILE_CHANGED`; any other error unchanged.
 */
export function browserFault(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  if (error.name === 'QuotaExceededError') {
    return new MedsealError('DEVICE_FULL', {}, { cause: error });
  }
  // The browser says the first of a file that was changed since, and the second of one that is gone.
  if (error.name !== 'NotReadableError' && error.name !== 'NotFoundError') return error;
  return new MedsealError('FILE_CHANGED', {}, { cause: error });
}
