import { concatBytes } from '../../crypto/bytes.ts';
import type { ByteStream } from '../../protocol/ByteStream.ts';

/**
 * Port to temporary storage of sealed files: an outgoing file waits until its hash is known, an incoming one until its
 * hash is that of the signed entry. It never holds anything else.
 */
export interface Spool {
  /**
   * Stores a file; if the stream fails, the part that has arrived is deleted.
   * @param content - Its bytes; a piece stays as it is only until the one after the next is asked for.
   */
  fill(content: AsyncIterable<Uint8Array>): Promise<Spooled>;
}

/** A file in a spool. */
export interface Spooled {
  /** Streams the file; may be called any number of times. */
  read(): ByteStream;
  /** Removes the file. Safe to repeat. */
  discard(): Promise<void>;
}

/** A spool in memory, for files that fit. */
export const memorySpool: Spool = {
  async fill(content) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece.slice());
    let bytes: Uint8Array = concatBytes(...pieces);
    return {
      async *read() {
        yield bytes;
        await Promise.resolve();
      },
      async discard() {
        bytes = new Uint8Array();
        await Promise.resolve();
      },
    };
  },
};
