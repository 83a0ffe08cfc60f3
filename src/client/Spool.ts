import { collectBytes } from '../crypto/sealing/collectBytes.ts';

/**
 * Where a sealed file waits, as a port: on its way out until its hash is known, on its way in until its hash is that
 * of the signed entry. Nothing else ever lies there.
 */
export interface Spool {
  /** Takes a file in; what has arrived goes again where the stream fails. */
  fill(content: AsyncIterable<Uint8Array>): Promise<Spooled>;
}

/** A file that waits. */
export interface Spooled {
  /** Streams the file; as often as it is asked for. */
  read(): AsyncIterable<Uint8Array>;
  /** Removes the file. Safe to repeat. */
  discard(): Promise<void>;
}

/** A spool in memory, for files that fit. */
export const memorySpool: Spool = {
  async fill(content) {
    let bytes = await collectBytes(content);
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
