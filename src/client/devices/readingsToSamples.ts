import { MedsealError } from '../../errors/MedsealError.ts';
import type { DeviceBatch } from './streamReadings.ts';

const [LEAST, MOST] = [-(2 ** 15), 2 ** 15 - 1];

/**
 * Writes the samples of one curve as the device measured them: whole numbers of 16 bits with a sign, the low byte first,
 * without a head. Factor, origin, period and gaps are not in it. Batches that could not be opened are left out.
 *
 * @param batches - Batches of one device, from `streamReadings`.
 * @param code - MDC code of the curve; the only one that the batches have if absent.
 * @returns Two bytes for each sample, a piece for each batch.
 * @throws MedsealError `ARGUMENT_INVALID` if there are several curves and none was named, or a sample does not fit;
 * `NOT_FOUND` if there is no such curve.
 * @example
 * ```ts
 * const span = { from: Date.now() - 86_400_000, until: Date.now() };
 * for await (const piece of readingsToSamples(streamReadings(patient, chart, span), 131330)) {
 *   console.log(piece.length / 2, 'samples of lead II');
 * }
 * ```
 */
export async function* readingsToSamples(
  batches: AsyncIterable<DeviceBatch>,
  code?: number,
): AsyncGenerator<Uint8Array> {
  let wanted = code;
  let found = false;
  for await (const { batch } of batches) {
    if ('error' in batch) continue;
    const pieces: Uint8Array[] = [];
    for (const { reading } of batch.readings) {
      if (!('data' in reading)) continue;
      wanted ??= reading.code;
      if (reading.code === wanted) pieces.push(bytesOf(reading.data));
      else if (code === undefined) {
        throw invalid('code', `must name one of the curves, such as ${wanted} or ${reading.code}`);
      }
    }
    found ||= pieces.length > 0;
    for (const piece of pieces) yield piece;
  }
  if (!found) throw new MedsealError('NOT_FOUND', { what: 'curve' });
}

function bytesOf(data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(data.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [place, sample] of data.entries()) {
    if (!Number.isInteger(sample) || sample < LEAST || sample > MOST) {
      throw invalid('format', `a sample is ${sample}, which is not a whole number of 16 bits`);
    }
    view.setInt16(place * 2, sample, true);
  }
  return bytes;
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
