import type { EntryBody } from '../protocol/evidence/evidence.ts';
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
  /** Entries before this place were read, or are being read. */
  #begun = 0;
  /** Places whose body came, or was erased, since they were read. */
  readonly #changed = new Set<number>();
  #reading: Promise<void> = Promise.resolve();

  /** @param read - Reads bodies. */
  constructor(read: ReadBodies) {
    this.#read = read;
  }

  /**
   * Returns the places of the entries that a party signed, ascending, without those whose body was erased. Each body is read
   * once, and not again for each who asks.
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
   * Notes that an entry got its body after it may have been read without, or that its body was erased.
   *
   * @param index - Its place.
   */
  changed(index: number): void {
    // A later one is read with its page.
    if (index < this.#begun) this.#changed.add(index);
  }

  async #follow(size: number): Promise<void> {
    while (this.#next < size) {
      const to = Math.min(this.#next + PAGE, size);
      this.#begun = to;
      for (const [i, body] of (await this.#read(this.#next, to)).entries()) {
        this.#add(this.#next + i, body);
      }
      this.#next = to;
    }
    for (const index of this.#changed) {
      this.#changed.delete(index);
      const [body] = await this.#read(index, index + 1).catch((error: unknown) => {
        this.#changed.add(index);
        throw error;
      });
      this.#drop(index);
      this.#add(index, body);
    }
  }

  #drop(index: number): void {
    for (const places of this.#places.values()) {
      const at = places.indexOf(index);
      if (at >= 0) places.splice(at, 1);
    }
  }

  #add(index: number, body: EntryBody | undefined): void {
    // A summary is the agent's, of nobody's request.
    if (body?.format !== 'medseal-body/1') return;
    const { party } = body.request;
    const places = this.#places.get(party) ?? [];
    this.#places.set(party, places);
    const isLast = (places.at(-1) ?? -1) < index;
    places.push(index);
    if (!isLast) places.sort((one, other) => one - other);
  }
}
