import { ZERO32 } from '../ids.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/**
 * Tells whether a batch's device sealed it, so that no gateway can read it.
 *
 * @param header - The statement of the batch.
 */
export function isSealedByDevice({ file }: Pick<ReadingsHeader, 'file'>): boolean {
  return file !== ZERO32;
}
