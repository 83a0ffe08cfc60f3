import type { RecordId } from '../../protocol/ids.ts';
import type { DeviceHello } from './DeviceHello.ts';

/** An announcement that is remembered. */
export interface Announced {
  readonly hello: DeviceHello;
  /** Place that it came from: a broker, or the network of an address. */
  readonly source: string;
  /** Unix milliseconds of the first announcement. */
  readonly first: number;
  /** The same of the last one. */
  last: number;
}

/** Announcements in the order in which they came last, counted by their source. */
export class AnnouncedTier {
  readonly #bySource = new Map<string, Map<RecordId, Announced>>();
  readonly #sources = new Map<RecordId, string>();

  /** Number of devices. */
  get size(): number {
    return this.#sources.size;
  }

  /** Finds the announcement of a device. */
  get(id: RecordId): Announced | undefined {
    return this.#bySource.get(this.#sources.get(id) ?? '')?.get(id);
  }

  /** Number of devices of a source. */
  countOf(source: string): number {
    return this.#bySource.get(source)?.size ?? 0;
  }

  /** Puts an announcement at the end of the line. */
  put(id: RecordId, announced: Announced): void {
    this.delete(id);
    const own = this.#bySource.get(announced.source) ?? new Map<RecordId, Announced>();
    this.#bySource.set(announced.source, own.set(id, announced));
    this.#sources.set(id, announced.source);
  }

  /** Forgets a device. */
  delete(id: RecordId): void {
    const source = this.#sources.get(id);
    if (source === undefined) return;
    this.#sources.delete(id);
    const own = this.#bySource.get(source);
    own?.delete(id);
    if (own?.size === 0) this.#bySource.delete(source);
  }

  /** All announcements. */
  values(): Announced[] {
    return [...this.#bySource.values()].flatMap((own) => [...own.values()]);
  }

  /** The source that has the most devices. */
  largest(): { readonly source: string; readonly count: number } {
    let [source, count] = ['', 0];
    for (const [each, own] of this.#bySource) {
      if (own.size > count) [source, count] = [each, own.size];
    }
    return { source, count };
  }

  /** The device whose last announcement is the longest ago. */
  oldest(): readonly [RecordId, Announced] | undefined {
    let found: readonly [RecordId, Announced] | undefined;
    for (const own of this.#bySource.values()) {
      const [first] = own;
      if (first !== undefined && first[1].last < (found?.[1].last ?? Infinity)) found = first;
    }
    return found;
  }

  /** Drops the first one of the source that has the most. */
  dropOfLargest(): void {
    const [first] = this.#bySource.get(this.largest().source)?.keys() ?? [];
    if (first !== undefined) this.delete(first);
  }
}
