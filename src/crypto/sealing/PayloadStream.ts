import { MedsealError } from '../../errors/MedsealError.ts';
import { Chunker } from './Chunker.ts';
import type { PayloadCipher } from './PayloadCipher.ts';

const CHUNK = 64 * 1024;
const TAG = 16;

/**
 * The payload of an age file (C2SP age, "Payload"; the STREAM construction): chunks of 64 KiB, each sealed
 * under a nonce of its own that counts, the last marked as such. What was cut off, added, moved or changed
 * does not open.
 */
export class PayloadStream {
  readonly #chunker: Chunker;
  readonly #turn: (nonce: Uint8Array, chunk: Uint8Array) => Uint8Array;
  #counter = 0;

  private constructor(
    chunkSize: number,
    turn: (nonce: Uint8Array, chunk: Uint8Array) => Uint8Array,
  ) {
    this.#chunker = new Chunker(chunkSize);
    this.#turn = turn;
  }

  /**
   * Seals a payload.
   * @param cipher - What seals a chunk.
   * @param key - 32 bytes, used for this payload alone.
   */
  static sealing(cipher: PayloadCipher, key: Uint8Array): PayloadStream {
    return new PayloadStream(CHUNK, (nonce, chunk) => cipher.seal(key, nonce, chunk));
  }

  /**
   * Opens a payload; gives nothing of a chunk that does not hold, and nothing after it.
   * @param cipher - What opens a chunk.
   * @param key - 32 bytes.
   */
  static opening(cipher: PayloadCipher, key: Uint8Array): PayloadStream {
    return new PayloadStream(CHUNK + TAG, (nonce, chunk) => cipher.open(key, nonce, chunk));
  }

  /**
   * Takes a piece of the one side.
   * @returns What it completes of the other side.
   */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    for (const chunk of this.#chunker.push(piece)) yield this.#turn(this.#nonce(0), chunk);
  }

  /**
   * The last chunk, when the one side has ended.
   * @throws MedsealError `SEAL_UNREADABLE` where an opened payload ends in an empty chunk that is not its only
   * one.
   */
  end(): Uint8Array {
    const first = this.#counter === 0;
    const last = this.#turn(this.#nonce(1), this.#chunker.end());
    if (last.length === 0 && !first) throw new MedsealError('SEAL_UNREADABLE', {});
    return last;
  }

  /** Counter of 11 bytes, big-endian, and the mark of the last chunk. */
  #nonce(last: 0 | 1): Uint8Array {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(3, BigInt(this.#counter));
    this.#counter += 1;
    nonce[11] = last;
    return nonce;
  }
}
