import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * Free space on the disk of a node. Some bytes are kept in reserve: while fewer are free the node begins nothing new, so
 * that there is space to finish requests under way and to keep promises.
 */
export class FreeSpace {
  readonly #ask: () => Promise<number | undefined>;
  readonly #reserve: number;
  #free: number | undefined;

  /**
   * @param ask - Returns the number of free bytes; undefined if the system does not tell.
   * @param reserve - Bytes to keep in reserve; may be 0.
   */
  constructor(ask: () => Promise<number | undefined>, reserve: number) {
    this.#ask = ask;
    this.#reserve = reserve;
  }

  /** Measures the free space; call it from time to time. */
  async look(): Promise<void> {
    this.#free = await this.#ask();
  }

  /** Bytes that were free at the last measurement. */
  get free(): number | undefined {
    return this.#free;
  }

  /** Reason to begin nothing new; undefined while there is space, or if the system does not tell. */
  get fault(): MedsealError | undefined {
    if (this.#free === undefined || this.#free >= this.#reserve) return undefined;
    return new MedsealError('STORAGE_FULL', {});
  }
}
