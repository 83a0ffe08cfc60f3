import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseReading } from './parseReading.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';
import { readingsRoot } from './readingsRoot.ts';

/**
 * Requires that lines are the readings of a batch.
 *
 * @param primitives - For SHA-256.
 * @param lines - Not trusted.
 * @param header - Statement of the batch.
 * @throws MedsealError `READINGS_INVALID` naming the part that is wrong.
 */
export function requireLines(
  primitives: Sha256,
  lines: readonly string[],
  header: Pick<ReadingsHeader, 'count' | 'root' | 'start' | 'end'>,
): void {
  if (lines.length !== header.count) throw invalid('count');
  for (const line of lines) parseReading(line, header);
  if (readingsRoot(primitives, lines) !== header.root) throw invalid('root');
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
