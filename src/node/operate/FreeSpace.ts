import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * True if there is room on the disk of a node. Some bytes are kept in reserve: while no more than these are free nothing
 * new is begun, so that there is room to end what was begun and to keep what was promised.
 */
export class FreeSpace {
  readonly #ask: () => Promise<number | undefined>;
  readonly #reserve: number;
  #free: number | undefined;

  /**
   * @param ask - How many bytes are free; undefined if that cannot be told.
   * @param reserve - How many are kept in reserve; 0 for none.
   */
  constructor(ask: () => Promise<number | undefined>, reserve: number) {
    this.#ask = ask;
    this.#reserve = reserve;
  }

  /** Looks how much is free; to be called from time to time. */
  async look(): Promise<void> {
    this.#free = await this.#ask();
  }

  /** Bytes that were free at the last look. */
  get free(): number | undefined {
    return this.#free;
  }

  /** Why nothing new is begun; undefined while there is room, and where that cannot be told. */
  get fault(): MedsealError | undefined {
    if (this.#free === undefined || this.#free >= this.#reserve) return undefined;
    return new MedsealError('STORAGE_FULL', {});
  }
}
