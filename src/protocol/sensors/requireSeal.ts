import { MedsealError } from '../../errors/MedsealError.ts';
import { isSealedByDevice } from './isSealedByDevice.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/**
 * Requires that a batch's statement names file and epoch together or neither, a salt only beside them, and that a device that sealed it knows the
 * time: no gateway can date what it cannot open.
 *
 * @param header - The statement.
 * @throws MedsealError `READINGS_INVALID` naming the part that is wrong.
 */
export function requireSeal(
  header: Pick<ReadingsHeader, 'file' | 'epoch' | 'salt' | 'clock'>,
): void {
  const isSealed = isSealedByDevice(header);
  if (isSealed === (header.epoch === undefined)) throw invalid('epoch');
  if (!isSealed && header.salt !== undefined) throw invalid('salt');
  if (isSealed && header.clock === 'unset') throw invalid('clock');
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}
