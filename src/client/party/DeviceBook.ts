import { MedsealError } from '../../errors/MedsealError.ts';
import { findShapeError, type Shape } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { aloneOn } from './aloneOn.ts';
import type { Party } from './Party.ts';

/** The device of a party. */
type At = Pick<Party, 'device'>;

/** Says which entries stay of those that are too many; they keep their order. */
export type Within<Entry> = (entries: readonly Entry[], most: number) => readonly Entry[];

/** The rules of a list. */
export interface BookRules<S extends Shape> {
  /** Name under which the device stores it. */
  readonly name: string;
  /** Shape of an entry. */
  readonly shape: S;
  /** The key of an entry: of two with one key, the later takes the place of the former. */
  readonly keyOf: (entry: Of<S>) => string;
  /** Most entries. */
  readonly most: number;
  /** The newest stay if absent. */
  readonly within?: Within<Of<S>>;
}

/** The entries of a book while nobody else changes them. */
export interface BookPage<Entry> {
  /** Entries, the newest last. */
  readonly entries: readonly Entry[];
  /** Stores entries at the end, each in place of the one with its key; returns those that had to go for room. */
  readonly put: (...entries: readonly Entry[]) => Promise<readonly Entry[]>;
  /** Removes the entries with these keys; without one, nothing is written. */
  readonly remove: (keys: Iterable<string>) => Promise<void>;
}

/**
 * A list that a device keeps: typed by a shape, bounded, and changed by one page or process at a time. An entry goes only
 * by its key, so work that knows some of the entries cannot lose others. An entry that does not fit the shape
 * stays where it is and is not shown: another version of the program may have stored it.
 */
export class DeviceBook<const S extends Shape> {
  readonly #rules: BookRules<S>;

  /** @param rules - Name, shape, key and bound. */
  constructor(rules: BookRules<S>) {
    this.#rules = rules;
  }

  /** Reads the entries of a device, the newest last. */
  async read({ device }: At): Promise<readonly Of<S>[]> {
    return (await this.#stored(device)).filter((each) => this.#fits(each));
  }

  /** Stores entries, each in place of the one with its key; returns those that had to go for room. */
  async put(at: At, ...entries: readonly Of<S>[]): Promise<readonly Of<S>[]> {
    return await this.change(at, async (page) => await page.put(...entries));
  }

  /**
   * Stores an entry that is made of the one with its key.
   *
   * @param at - The device.
   * @param next - The entry.
   * @param merge - Returns the entry to store; undefined if the known one stays as it is.
   * @returns The entry that the device has from now on.
   */
  async merge(
    at: At,
    next: Of<S>,
    merge: (known: Of<S> | undefined) => Of<S> | undefined,
  ): Promise<Of<S>> {
    const { keyOf } = this.#rules;
    return await this.change(at, async ({ entries, put }) => {
      const known = entries.find((each) => keyOf(each) === keyOf(next));
      const merged = merge(known);
      if (merged !== undefined) await put(merged);
      return merged ?? known ?? next;
    });
  }

  /** Removes the entries with these keys. */
  async remove(at: At, keys: Iterable<string>): Promise<void> {
    await this.change(at, async (page) => await page.remove(keys));
  }

  /**
   * Changes the entries while no other work on this device does.
   *
   * @param at - The device.
   * @param work - Short work, without a network; it must not change another book of the device.
   */
  async change<Result>(
    { device }: At,
    work: (page: BookPage<Of<S>>) => Promise<Result>,
  ): Promise<Result> {
    return await aloneOn(device, async () => {
      const { name, keyOf } = this.#rules;
      let stored = await this.#stored(device);
      const without = (keys: ReadonlySet<string>): readonly unknown[] =>
        stored.filter((each) => !this.#fits(each) || !keys.has(keyOf(each)));
      const write = async (next: readonly unknown[]): Promise<void> => {
        await device.write(name, next);
        stored = next;
      };
      return await work({
        entries: stored.filter((each) => this.#fits(each)),
        put: async (...added) => {
          for (const each of added) this.#require(each);
          const unique = new Map(added.map((each) => [keyOf(each), each]));
          if (unique.size === 0) return [];
          const all = [...without(new Set(unique.keys())), ...unique.values()];
          const gone = this.#tooMany(all);
          await write(all.filter((each) => !gone.has(each)));
          return [...gone];
        },
        remove: async (keys) => {
          const left = without(new Set(keys));
          if (left.length < stored.length) await write(left);
        },
      });
    });
  }

  #tooMany(stored: readonly unknown[]): ReadonlySet<unknown> & ReadonlySet<Of<S>> {
    const { most, within = newest } = this.#rules;
    const entries = stored.filter((each) => this.#fits(each));
    const left = new Set(within(entries, most));
    return new Set(entries.filter((each) => !left.has(each)));
  }

  async #stored(device: At['device']): Promise<readonly unknown[]> {
    const value = await device.read(this.#rules.name);
    return Array.isArray(value) ? value : [];
  }

  #fits(entry: unknown): entry is Of<S> {
    return isOfShape(this.#rules.shape, entry);
  }

  /** An entry that did not fit would be stored and never shown. */
  #require(entry: unknown): void {
    const { name, shape } = this.#rules;
    const reason = findShapeError(shape, entry, 'it');
    if (reason !== undefined)
      throw new MedsealError('ARGUMENT_INVALID', { argument: name, reason });
  }
}

function newest<Entry>(entries: readonly Entry[], most: number): readonly Entry[] {
  return entries.slice(-most);
}

/**
 * Keeps what is open: the oldest of the others go first.
 *
 * @param isOpen - Tells whether an entry is.
 */
export function openLast<Entry>(isOpen: (entry: Entry) => boolean): Within<Entry> {
  return (entries, most) => {
    const left = new Set(
      entries.toSorted((one, other) => Number(isOpen(one)) - Number(isOpen(other))).slice(-most),
    );
    return entries.filter((each) => left.has(each));
  };
}

/**
 * Keeps entries so that nobody who has many takes the room of another: the oldest of whoever has the most goes first.
 *
 * @param mostOfOne - Most entries of one owner.
 * @param ownerOf - The owner of an entry, such as the sender of a letter.
 * @param byAge - The older one first; the order in which they were stored if absent.
 */
export function fairly<Entry>(
  mostOfOne: number,
  ownerOf: (entry: Entry) => string,
  byAge: (one: Entry, other: Entry) => number = () => 0,
): Within<Entry> {
  return (entries, most) => {
    const left = new Set(entries);
    for (;;) {
      const owned = [...Map.groupBy(left, ownerOf).values()];
      const [largest = []] = owned.toSorted((one, other) => other.length - one.length);
      const [oldest] = largest.toSorted(byAge);
      const isFit = left.size <= most && largest.length <= mostOfOne;
      if (oldest === undefined || isFit) return [...left];
      left.delete(oldest);
    }
  };
}
