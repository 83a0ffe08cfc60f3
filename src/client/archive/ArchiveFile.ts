/** An archive that is read, such as a file on a disk or one that a person chose in a browser. */
export interface ArchiveSource {
  /** Number of bytes that it has now. */
  size(): Promise<number>;
  /**
   * Reads bytes in pieces.
   * @param from - The first byte.
   * @param to - The byte after the last one.
   */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** An archive that is written: bytes are added at its end. */
export interface ArchiveFile extends ArchiveSource {
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts all off behind a number of bytes. */
  truncate(size: number): Promise<void>;
  /** Puts on the disk what was added. */
  sync(): Promise<void>;
}

/**
 * Reads bytes of an archive that fit in memory.
 *
 * @param source - The archive.
 * @param from - The first byte.
 * @param to - The byte after the last one.
 */
export async function readBytes(
  source: ArchiveSource,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let length = 0;
  for await (const piece of source.read(from, to)) {
    bytes.set(piece.subarray(0, bytes.length - length), length);
    length = Math.min(bytes.length, length + piece.length);
  }
  return bytes.subarray(0, length);
}
