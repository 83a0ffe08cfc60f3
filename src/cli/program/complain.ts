import { toMedsealError } from '../../errors/toMedsealError.ts';
import { shownLines } from '../terminal/shownLines.ts';

/**
 * Reports on standard error a failure in the background; the work is tried again by itself.
 *
 * @param error - The thrown value.
 * @param stream - Standard error, or another stream in a test.
 */
export function complain(
  error: unknown,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
): void {
  const { code, message } = toMedsealError(error);
  stream.write(shownLines([`medseal: in the background: ${message} [${code}]`], stream));
}
