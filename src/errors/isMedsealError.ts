import type { ErrorCode } from './catalogue.ts';
import { MedsealError } from './MedsealError.ts';

/**
 * Tells whether a caught value is a Medseal error, and of a given code.
 *
 * @param error - Anything that was thrown.
 * @param code - Code that it must have; any code if absent.
 * @example
 * ```ts
 * await readRecord(doctor, chart, record).catch((error: unknown) => {
 *   if (!isMedsealError(error, 'KEY_PENDING')) throw error;
 *   console.log(error.next);
 * });
 * ```
 */
export function isMedsealError<Code extends ErrorCode>(
  error: unknown,
  code?: Code,
): error is MedsealError<Code> {
  return error instanceof MedsealError && (code === undefined || error.code === code);
}
