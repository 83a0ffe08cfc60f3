import type { Clock } from '../../protocol/Clock.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { AnnouncedTier } from './AnnouncedTier.ts';
import type { DeviceHello } from './DeviceHello.ts';

/** Milliseconds after which a further announcement shows that a device is still there. */
const CAME_BACK = 3000;
/** Milliseconds of silence after which a device gives up its place. */
const SILENT = 3_600_000;

/** The most that are remembered. */
export interface AnnouncementLimits {
  /** Devices that announced themselves once. */
  readonly once: number;
  /** Devices that announced themselves again later. */
  readonly again: number;
}

const LIMITS: AnnouncementLimits = { once: 5000, again: 5000 };

/**
 * Announcements of devices that nobody has bound yet. Anybody can invent devices, so that room is shared: a newcomer takes
 * the place of another newcomer, first of one from the place that has the most; a device that came back keeps its place
 * until it is silent for an hour.
 */
export class Announcements {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limits: AnnouncementLimits;
  readonly #once = new AnnouncedTier();
  readonly #again = new AnnouncedTier();

  /**
   * @param clock - The time.
   * @param limits - The most that are remembered.
   */
  constructor(clock: Pick<Clock, 'now'>, limits: AnnouncementLimits = LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Remembers an announcement.
   *
   * @param id - Id of the device.
   * @param hello - It was verified.
   * @param source - Place that it came from.
   * @returns True if the device was not remembered.
   */
  add(id: RecordId, hello: DeviceHello, source: string): boolean {
    const now = this.#clock.now();
    const known = this.#again.get(id) ?? this.#once.get(id);
    if (known === undefined) {
      if (this.#once.size >= this.#limits.once) this.#once.dropOfLargest();
      this.#once.put(id, { hello, source, first: now, last: now });
      return true;
    }
    known.last = now;
    const isAgain = this.#again.get(id) !== undefined;
    // To the end of the line: the first is the one that is silent for the longest.
    if (isAgain) this.#again.put(id, known);
    else if (now - known.first >= CAME_BACK && this.#makesRoom(known.source, now)) {
      this.#once.delete(id);
      this.#again.put(id, known);
    }
    return false;
  }

  /** Returns what a device said of itself; undefined if it is not remembered. */
  get(id: RecordId): DeviceHello | undefined {
    return (this.#again.get(id) ?? this.#once.get(id))?.hello;
  }

  /** Forgets a device: it is bound. */
  delete(id: RecordId): void {
    this.#once.delete(id);
    this.#again.delete(id);
  }

  /** Announcements that are remembered; those of devices that came back are at the end. */
  get all(): readonly DeviceHello[] {
    return [...this.#once.values(), ...this.#again.values()].map(({ hello }) => hello);
  }

  /** Tells whether a device that came back gets a place for it. */
  #makesRoom(source: string, now: number): boolean {
    if (this.#again.size < this.#limits.again) return true;
    const oldest = this.#again.oldest();
    if (oldest !== undefined && now - oldest[1].last >= SILENT) {
      this.#again.delete(oldest[0]);
      return true;
    }
    // Another place than the one that has the most, which has more than its share.
    if (this.#again.countOf(source) + 1 >= this.#again.largest().count) return false;
    this.#again.dropOfLargest();
    return true;
  }
}
