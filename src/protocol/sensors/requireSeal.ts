import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../ids.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/**
 * Requires that a batch's statement names file and epoch together or neither, and that a device that sealed it knows the
 * time: no gateway can date what it cannot open.
 *
 * @param header - The statement.
 * @throws MedsealError `READINGS_INVALID` naming the part that is wrong.
 */
export function requireSeal({
  file,
  epoch,
  clock,
}: Pick<ReadingsHeader, 'file' | 'epoch' | 'clock'>): void {
  const isSealed = file !== ZERO32;
  if (isSealed === (epoch === undefined)) {
    throw new MedsealError('READINGS_INVALID', { what: 'epoch' });
  }
  if (isSealed && clock === 'unset') throw new MedsealError('READINGS_INVALID', { what: 'clock' });
}
