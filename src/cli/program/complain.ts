import { toMedsealError } from '../../errors/toMedsealError.ts';

/**
 * Reports on standard error a failure in the background; the work is tried again by itself.
 *
 * @param error - The thrown value.
 */
export function complain(error: unknown): void {
  const { code, message } = toMedsealError(error);
  process.stderr.write(`medseal: in the background: ${message} [${code}]\n`);
}
