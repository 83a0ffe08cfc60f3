import { MedsealError } from './MedsealError.ts';

/**
 * Makes a Medseal error of whatever was thrown: itself, or `INTERNAL` with the cause kept for the log.
 *
 * @param error - Anything that was thrown.
 */
export function toMedsealError(error: unknown): MedsealError {
  if (error instanceof MedsealError) return error;
  return new MedsealError('INTERNAL', {}, { cause: error });
}
