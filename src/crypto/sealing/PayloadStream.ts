import { MedsealError } from '../../errors/MedsealError.ts';
import { Chunker } from './Chunker.ts';
import { TAG_LENGTH, type PayloadCipher } from './PayloadCipher.ts';

const CHUNK = 64 * 1024;

/** The most chunks that are given at a time: 1 MiB, whatever the size of the pieces that come in. */
const MOST_CHUNKS = 16;

/** One side of the payload: seals or opens a chunk into an output of the length that it then has. */
type Turn = (nonce: Uint8Array, chunk: Uint8Array, output: Uint8Array) => void;

/**
 * The payload of an age file (C2SP age, "Payload"; the STREAM construction): chunks of 64 KiB, each sealed under a
 * nonce of its own that counts, the last marked as such. A payload that was cut off, added to, moved or changed does
 * not open.
 */
export class PayloadStream {
  readonly #chunker: Chunker;
  readonly #turn: Turn;
  /** Number of bytes that a chunk gains: the tag, or less by it. */
  readonly #gain: number;
  #counter = 0;

  private constructor(gain: number, turn: Turn) {
    this.#gain = gain;
    this.#turn = turn;
    this.#chunker = new Chunker(gain > 0 ? CHUNK : CHUNK + TAG_LENGTH);
  }

  /**
   * Seals a payload.
   * @param cipher - The cipher that seals a chunk.
   * @param key - 32 bytes, used for this payload alone.
   */
  static sealing(cipher: PayloadCipher, key: Uint8Array): PayloadStream {
    const keyed = cipher.under(key);
    return new PayloadStream(TAG_LENGTH, (nonce, chunk, output) => {
      keyed.seal(nonce, chunk, output);
    });
  }

  /**
   * Opens a payload; gives nothing of a chunk that does not hold, and nothing after it.
   * @param cipher - The cipher that opens a chunk.
   * @param key - 32 bytes.
   */
  static opening(cipher: PayloadCipher, key: Uint8Array): PayloadStream {
    const keyed = cipher.under(key);
    return new PayloadStream(-TAG_LENGTH, (nonce, chunk, output) => {
      keyed.open(nonce, chunk, output);
    });
  }

  /**
   * Takes a piece of the one side.
   * @returns The pieces of the other side that it completes, each of at most 1 MiB.
   * @throws MedsealError `SEAL_UNREADABLE` if an opened chunk does not hold.
   */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    const length = this.#chunker.size + this.#gain;
    let left = this.#chunker.completedBy(piece.length);
    let batch = new Uint8Array(Math.min(left, MOST_CHUNKS) * length);
    let used = 0;
    for (const chunk of this.#chunker.push(piece)) {
      this.#turn(this.#nonce(0), chunk, batch.subarray(used, used + length));
      used += length;
      left -= 1;
      if (used < batch.length) continue;
      yield batch;
      batch = new Uint8Array(Math.min(left, MOST_CHUNKS) * length);
      used = 0;
    }
  }

  /**
   * The last chunk, when the one side has ended.
   * @throws MedsealError `SEAL_UNREADABLE` if an opened payload has no last chunk that holds, or an empty one
   * behind others.
   */
  end(): Uint8Array {
    const chunk = this.#chunker.end();
    const length = chunk.length + this.#gain;
    if (length < 0 || (this.#gain < 0 && length === 0 && this.#counter > 0)) {
      throw new MedsealError('SEAL_UNREADABLE', {});
    }
    const last = new Uint8Array(length);
    this.#turn(this.#nonce(1), chunk, last);
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
