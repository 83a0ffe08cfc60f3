import type { ErrorCode } from './catalogue.ts';
import { MedsealError } from './MedsealError.ts';

/**
 * Tells whether a caught value is a Medseal error, and of a given code.
 *
 * @param error - Anything that was thrown.
 * @param code - Code that it must have; any code if absent.
 */
export function isMedsealError<Code extends ErrorCode>(
  error: unknown,
  code?: Code,
): error is MedsealError<Code> {
  return error instanceof MedsealError && (code === undefined || error.code === code);
}
