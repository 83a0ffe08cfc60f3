import { bytesToHex } from '../../crypto/bytes.ts';
import type { CreateSha256 } from '../../crypto/Sha256Stream.ts';
import type { Bytes32 } from '../../protocol/ids.ts';

/** Bytes that are hashed and counted as they go by. */
export interface Tapped {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Their SHA-256; asked for once, after they went by. */
  digest(): Bytes32;
  /** Number of bytes that went by. */
  size(): number;
}

/**
 * Hashes and counts bytes as they go by.
 *
 * @param createSha256 - Starts a hash.
 * @param pieces - The bytes.
 */
export function tapped(createSha256: CreateSha256, pieces: AsyncIterable<Uint8Array>): Tapped {
  const hash = createSha256();
  let size = 0;
  return { pieces: taken(), digest: () => bytesToHex(hash.digest()), size: () => size };

  async function* taken(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
}

/**
 * Reads bytes to their end, for their hash and number.
 *
 * @param createSha256 - Starts a hash.
 * @param pieces - The bytes.
 */
export async function measure(
  createSha256: CreateSha256,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly sha256: Bytes32; readonly size: number }> {
  const all = tapped(createSha256, pieces);
  for await (const piece of all.pieces) void piece;
  return { sha256: all.digest(), size: all.size() };
}

/**
 * Gives bytes that are in memory as a stream of one piece.
 *
 * @param bytes - The bytes.
 */
export async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
