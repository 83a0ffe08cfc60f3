import { isMedsealError } from '../../errors/isMedsealError.ts';

/** Times in a row that a stream may break off without a further byte. */
const MOST_BREAKS = 3;

/**
 * Streams bytes from a server, and goes on where it was if the server breaks off.
 *
 * @param from - Place of the first byte.
 * @param open - Asks for the bytes from a place on.
 * @throws MedsealError `STORAGE_FAILED`, and what `open` throws.
 */
export async function* resumed(
  from: number,
  open: (at: number) => Promise<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = from;
  for (let breaks = 0; ; breaks++) {
    const content = await open(at);
    try {
      for await (const piece of content) {
        at += piece.length;
        breaks = 0;
        yield piece;
      }
      return;
    } catch (error) {
      if (!isMedsealError(error, 'STORAGE_FAILED') || breaks >= MOST_BREAKS) throw error;
    }
  }
}
