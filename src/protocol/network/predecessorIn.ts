import type { Primitives } from '../../crypto/Primitives.ts';
import { fingerprintOf } from './fingerprintOf.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { numberOf } from '../wire/numberOf.ts';
import type { Successor } from './Successor.ts';

/**
 * Finds the network file that a successor follows, by its number and its fingerprint.
 *
 * @param primitives - SHA-256.
 * @param files - The files to look among.
 * @param successor - The successor, or what was signed of it.
 * @returns Undefined if none of them is it.
 */
export function predecessorIn(
  primitives: Pick<Primitives, 'sha256'>,
  files: readonly NetworkFile[],
  { number, predecessor }: Pick<Successor, 'number' | 'predecessor'>,
): NetworkFile | undefined {
  return files.find(
    (file) => numberOf(file) === number - 1 && fingerprintOf(primitives, file) === predecessor,
  );
}
