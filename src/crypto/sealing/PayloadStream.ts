import { MedsealError } from '../../errors/MedsealError.ts';
import { PieceMemory } from '../PieceMemory.ts';
import { Chunker } from './Chunker.ts';
import { TAG_LENGTH, type PayloadCipher } from './PayloadCipher.ts';

const CHUNK = 64 * 1024;

/** The most chunks that are given at a time: 1 MiB, whatever the size of the pieces that come in. */
const MOST_CHUNKS = 16;

/** Options of a payload stream. */
export interface PayloadOptions {
  /**
   * If true, a piece stays as it is only until the one after the next is asked for: then its memory is used again,
   * which saves a third of the time. Each is fresh if absent.
   */
  readonly reuse?: boolean;
}

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
  readonly #memory: PieceMemory;
  readonly #nonce = new DataView(new ArrayBuffer(12));
  readonly #nonceBytes = new Uint8Array(this.#nonce.buffer);
  #counter = 0;

  private constructor(gain: number, turn: Turn, { reuse = false }: PayloadOptions) {
    this.#gain = gain;
    this.#turn = turn;
    this.#memory = new PieceMemory(reuse ? 2 : undefined);
    this.#chunker = new Chunker(gain > 0 ? CHUNK : CHUNK + TAG_LENGTH);
  }

  /**
   * Seals a payload.
   * @param cipher - The cipher that seals a chunk.
   * @param key - 32 bytes, used for this payload alone.
   * @param options - `reuse`: memory is used again.
   */
  static sealing(
    cipher: PayloadCipher,
    key: Uint8Array,
    options: PayloadOptions = {},
  ): PayloadStream {
    const keyed = cipher.under(key);
    const turn: Turn = (nonce, chunk, output) => {
      keyed.seal(nonce, chunk, output);
    };
    return new PayloadStream(TAG_LENGTH, turn, options);
  }

  /**
   * Opens a payload; gives nothing of a chunk that does not hold, and nothing after it.
   * @param cipher - The cipher that opens a chunk.
   * @param key - 32 bytes.
   * @param options - `reuse`: memory is used again.
   */
  static opening(
    cipher: PayloadCipher,
    key: Uint8Array,
    options: PayloadOptions = {},
  ): PayloadStream {
    const keyed = cipher.under(key);
    const turn: Turn = (nonce, chunk, output) => {
      keyed.open(nonce, chunk, output);
    };
    return new PayloadStream(-TAG_LENGTH, turn, options);
  }

  /**
   * Takes a piece of the one side.
   * @returns The pieces of the other side that it completes, each of at most 1 MiB.
   * @throws MedsealError `SEAL_UNREADABLE` if an opened chunk does not hold.
   */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    const length = this.#chunker.size + this.#gain;
    let left = this.#chunker.completedBy(piece.length);
    let batch = this.#memory.take(Math.min(left, MOST_CHUNKS) * length);
    let used = 0;
    for (const chunk of this.#chunker.push(piece)) {
      this.#turn(this.#nextNonce(0), chunk, batch.subarray(used, used + length));
      used += length;
      left -= 1;
      if (used < batch.length) continue;
      yield batch;
      batch = this.#memory.take(Math.min(left, MOST_CHUNKS) * length);
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
    this.#turn(this.#nextNonce(1), chunk, last);
    return last;
  }

  /** Counter of 11 bytes, big-endian, and the mark of the last chunk; valid until the next. */
  #nextNonce(last: 0 | 1): Uint8Array {
    this.#nonce.setBigUint64(3, BigInt(this.#counter));
    this.#nonce.setUint8(11, last);
    this.#counter += 1;
    return this.#nonceBytes;
  }
}
