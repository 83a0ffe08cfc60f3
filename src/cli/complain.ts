import { toMedsealError } from '../errors/toMedsealError.ts';

/**
 * Says on standard error what failed in the background; the work is tried again by itself.
 *
 * @param error - What was thrown.
 */
export function complain(error: unknown): void {
  const { code, message } = toMedsealError(error);
  process.stderr.write(`medseal: in the background: ${message} [${code}]\n`);
}
