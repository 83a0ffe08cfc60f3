import type { EntryBody } from '../protocol/evidence.ts';
import type { Address } from '../protocol/ids.ts';

/** Number of bodies that are read at once. */
const PAGE = 256;

/** Reads the bodies of entries from a place to before another; undefined for one that was erased. */
export type ReadBodies = (from: number, to: number) => Promise<readonly (EntryBody | undefined)[]>;

/**
 * Finds the entries of a log by their authors. It is made from the bodies when it is first asked, and follows the log
 * from then on; nothing of it is kept on disk, where it would outlive the bodies.
 */
export class AuthorIndex {
  readonly #read: ReadBodies;
  readonly #places = new Map<Address, number[]>();
  /** Entries before this place were read. */
  #next = 0;
  /** Places that got a body after they were read. */
  readonly #restored = new Set<number>();
  #reading: Promise<void> = Promise.resolve();

  /** @param read - Reads bodies. */
  constructor(read: ReadBodies) {
    this.#read = read;
  }

  /**
   * Returns the places of the entries that a party signed, ascending; bodies may have been erased since they were read.
   *
   * @param party - The party.
   * @param size - Number of entries of the log.
   */
  async placesOf(party: Address, size: number): Promise<readonly number[]> {
    const reading = this.#reading.then(async () => await this.#follow(size));
    // A page that cannot be read is read again by the next who asks.
    this.#reading = reading.catch(() => undefined);
    await reading;
    return [...(this.#places.get(party) ?? [])];
  }

  /**
   * Notes that an entry got its body, maybe after it was read without.
   *
   * @param index - Its place.
   */
  restored(index: number): void {
    this.#restored.add(index);
  }

  async #follow(size: number): Promise<void> {
    while (this.#next < size) {
      const to = Math.min(this.#next + PAGE, size);
      for (const [i, body] of (await this.#read(this.#next, to)).entries()) {
        this.#add(this.#next + i, body);
      }
      this.#next = to;
    }
    for (const index of this.#restored) {
      this.#restored.delete(index);
      if (index >= size) continue;
      const [body] = await this.#read(index, index + 1);
      this.#add(index, body);
    }
  }

  #add(index: number, body: EntryBody | undefined): void {
    // A summary is the agent's, of nobody's request.
    if (body?.format !== 'medseal-body/1') return;
    const { party } = body.request;
    const places = this.#places.get(party) ?? [];
    this.#places.set(party, places);
    if ((places.at(-1) ?? -1) < index) places.push(index);
    else if (!places.includes(index)) {
      places.push(index);
      places.sort((one, other) => one - other);
    }
  }
}
