import { MedsealError } from '../../errors/MedsealError.ts';

/** Number of parts that may have any length. */
const ANY_LENGTH = 256;
/** Least average length of all others, bytes. */
const LEAST_LENGTH = 512;

/**
 * Yields a stream whose parts must not be tiny: each costs time and memory however short it is, so that a body in chunks
 * of one byte would take up a thousand times what it counts for.
 *
 * @param stream - The stream.
 * @throws MedsealError `REQUEST_TOO_LARGE`.
 */
export async function* inLargeParts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts = 0;
  let bytes = 0;
  for await (const part of stream) {
    parts += 1;
    bytes += part.length;
    const limit = Math.floor(ANY_LENGTH + bytes / LEAST_LENGTH);
    if (parts > limit) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'number of parts of the body', limit });
    }
    yield part;
  }
}
