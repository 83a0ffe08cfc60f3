import type { FileHandle } from 'node:fs/promises';

/** Number of bytes written before the disk is asked to begin with them. */
const STRETCH = 16 * 2 ** 20;

/** Writes a file in pieces, each while the next one is made: `write` returns when the piece before is written. */
export class FileWriter {
  readonly #file: FileHandle;
  readonly #stretch: number;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();
  #isFlushing = false;
  #waiting = 0;

  /**
   * @param file - Open for writing.
   * @param options - `lasting`: the file is to be synced, so the disk is set to work as the file grows, and little is
   * left to wait for at the end.
   */
  constructor(file: FileHandle, { lasting }: { readonly lasting: boolean }) {
    this.#file = file;
    this.#stretch = lasting ? STRETCH : Infinity;
  }

  /**
   * Writes a piece behind those before.
   * @param bytes - They stay as they are until the next call has returned.
   * @throws The system's error, of this piece or the one before.
   */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#flushMaybe(bytes.length);
    this.#writing = this.#writeAll(bytes);
    // The next call throws it.
    this.#writing.catch(() => undefined);
  }

  /**
   * Waits until every piece is written.
   * @throws The system's error.
   */
  async end(): Promise<void> {
    await this.#writing;
  }

  /**
   * Waits until every piece is written and on disk.
   * @throws The system's error.
   */
  async sync(): Promise<void> {
    await this.#writing;
    await this.#flushing;
    await this.#file.sync();
  }

  /** Waits until nothing is under way any more, and closes the file. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing]);
    await this.#file.close();
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += (await this.#file.write(bytes, written)).bytesWritten;
    }
  }

  #flushMaybe(length: number): void {
    this.#waiting += length;
    if (this.#waiting < this.#stretch || this.#isFlushing) return;
    this.#waiting = 0;
    this.#isFlushing = true;
    // The system tells of an error once, so it is kept for `sync`.
    this.#flushing = this.#flushing.then(async () => {
      await this.#file.datasync();
      this.#isFlushing = false;
    });
    this.#flushing.catch(() => undefined);
  }
}
